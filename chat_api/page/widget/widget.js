// Puts the chat on a page of any site:
//   <script async src="https://…/widget.js" data-handbook="…" data-position="left" data-lang="en" data-open></script>
// The page gets window.wengong.open(), .ask(text) and .close().
//
// Everything stands in a shadow root with a constructed style sheet, which neither the site's styles nor its content
// security policy reach; the site has to allow this script (script-src) and the frame (frame-src), and nothing inline.
//
// The server sends this function called with its words and styles: {wordsOf, styles}.
(parts) => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.wengong) return;

  const GIVE_UP_MS = 10000;
  const { handbook, position, lang, open: opensAtOnce } = script.dataset;
  const language = Object.keys(parts.wordsOf).includes(lang) ? lang : "zh-Hans";
  const words = parts.wordsOf[language];
  const narrow = window.matchMedia("(max-width: 40rem), (max-height: 30rem)");
  const service = new URL(script.src).origin;
  const embedAddress = address("/embed");
  const pageAddress = address("/");

  let frame = null;
  let isReady = false;
  let isOpen = false;
  let opener = null;
  let pageOverflow = "";
  let waitingMessages = [];

  function address(path) {
    const found = new URL(path, service);
    found.searchParams.set("lang", language);
    if (handbook) found.searchParams.set("handbook", handbook);
    return found.href;
  }

  function element(tag, properties, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  // --- What is shown ---

  const said = element("p", { role: "status" });
  const pageLink = element("a", { href: pageAddress, target: "_blank", rel: "noopener", hidden: "" }, words.page);
  const waitingClose = element("button", { type: "button" }, words.close);
  const waiting = element("div", { class: "waiting" }, said, pageLink, waitingClose);
  const panel = element("dialog", { class: "panel", id: "panel", "aria-label": words.title, lang: language }, waiting);
  const launcher = element(
    "button",
    {
      type: "button",
      class: "launcher",
      lang: language,
      "aria-label": `${words.launch} – ${words.title}`,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
    },
    speechBubble(),
    element("span", {}, words.launch),
  );
  const host = document.createElement("wengong-widget");

  function speechBubble() {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const attributes = {
      viewBox: "0 0 24 24",
      width: "28",
      height: "28",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": "2",
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": "true",
    };
    for (const [name, value] of Object.entries(attributes)) drawing.setAttribute(name, value);
    path.setAttribute("d", "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5");
    drawing.append(path);
    return drawing;
  }

  /** Inline and important: no rule of the site is stronger. */
  function shield(node) {
    const rules = {
      all: "initial",
      display: "block",
      position: "fixed",
      inset: "0 auto auto 0",
      width: "0",
      height: "0",
      margin: "0",
      padding: "0",
      border: "0",
      overflow: "visible",
      background: "none",
      "z-index": "2147483647",
    };
    for (const [name, value] of Object.entries(rules)) node.style.setProperty(name, value, "important");
  }

  function mount() {
    // Beside the body, where neither a transform nor a filter of the site moves it.
    document.documentElement.append(host);
    if (host.showPopover) {
      host.setAttribute("popover", "manual"); // above everything, whatever z-index the site uses
      host.showPopover();
    }
  }

  // --- Opening and closing ---

  function open({ takesFocus = true } = {}) {
    if (!host.isConnected) mount();
    if (!isOpen) opener = document.activeElement;
    isOpen = true;
    if (!frame) loadFrame();
    showPanel();
    launcher.setAttribute("aria-expanded", "true");
    if (!takesFocus) return;
    if (isReady) frame.focus();
    else waitingClose.focus();
    tell({ wengong: "open" });
  }

  /** Over the whole of a phone, where nothing behind it may be reached; beside the page where there is room. */
  function showPanel() {
    const isWhole = narrow.matches;
    if (panel.open) panel.close();
    panel.classList.toggle("whole", isWhole);
    launcher.hidden = isWhole;
    lockPage(isWhole);
    if (isWhole) panel.showModal();
    else panel.setAttribute("open", ""); // show() would move the focus
  }

  function lockPage(isLocked) {
    const { style } = document.documentElement;
    if (isLocked) {
      pageOverflow = style.overflow;
      style.overflow = "hidden";
    } else if (style.overflow === "hidden") style.overflow = pageOverflow;
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    if (panel.open) panel.close();
    lockPage(false);
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    const isElsewhere = opener && opener !== document.body && opener !== host && opener.isConnected;
    (isElsewhere ? opener : launcher).focus();
  }

  function ask(text) {
    open();
    tell({ wengong: "ask", text: String(text) });
  }

  function loadFrame() {
    said.textContent = words.opening;
    // Browsers that cannot share would complain of the word.
    const allow = `microphone; clipboard-write${navigator.share ? "; web-share" : ""}`;
    frame = element("iframe", { class: "frame", src: embedAddress, title: words.title, allow });
    panel.append(frame);
    setTimeout(() => {
      if (isReady) return;
      said.textContent = words.failed;
      pageLink.hidden = false;
    }, GIVE_UP_MS);
  }

  // --- Talking with the chat in the frame, and with nobody else ---

  function tell(message) {
    if (isReady) frame.contentWindow.postMessage(message, service);
    else waitingMessages.push(message);
  }

  function listen({ source, origin, data }) {
    if (!frame || source !== frame.contentWindow || origin !== service) return;
    if (typeof data !== "object" || data === null) return;
    if (data.wengong === "close") close();
    else if (data.wengong === "ready") {
      const hadFocus = document.activeElement === host;
      isReady = true;
      panel.classList.add("ready");
      if (hadFocus) frame.focus();
      waitingMessages.splice(0).forEach(tell);
    }
  }

  // --- Browsers that lack what this needs get a link to the page ---

  function offerPage() {
    const link = element("a", { href: pageAddress, target: "_blank", rel: "noopener" }, words.page);
    const rules = {
      position: "fixed",
      bottom: "20px",
      right: "20px",
      padding: "16px",
      background: "#a3272b",
      color: "#fff",
      "z-index": "2147483647",
    };
    for (const [name, value] of Object.entries(rules)) link.style.setProperty(name, value, "important");
    document.documentElement.append(link);
    const openPage = () => window.open(pageAddress, "_blank", "noopener");
    window.wengong = Object.freeze({ open: openPage, ask: openPage, close() {} });
  }

  if (!panel.showModal || !("adoptedStyleSheets" in document)) {
    offerPage();
    return;
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(parts.styles);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(element("div", { class: position === "left" ? "widget left" : "widget" }, panel, launcher));
  shield(host);
  mount();

  launcher.addEventListener("click", () => (isOpen ? close() : open()));
  waitingClose.addEventListener("click", close);
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  narrow.addEventListener("change", () => isOpen && showPanel());
  window.addEventListener("message", listen);
  window.wengong = Object.freeze({ open: () => open(), ask, close });
  // Opening by itself takes no focus, and never covers a phone.
  if (opensAtOnce !== undefined && opensAtOnce !== "false" && !narrow.matches) open({ takesFocus: false });
}
