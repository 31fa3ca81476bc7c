// The chat in a frame of another site: it talks to the script that opened it, and to nobody else.
//
// From the site: {wengong: "open"} moves the focus in, {wengong: "ask", text} asks.
// To the site: {wengong: "ready"} once, {wengong: "close"} when the person wants it closed.

import { page } from "./page.js";

const LONGEST = 500;

export function prepareEmbedding({ ask, focus }) {
  if (!page.isEmbedded || window.parent === window) return;
  // Which of the allowed sites is around it is only known from its messages; the first word says nothing secret.
  const tell = (word) => window.parent.postMessage({ wengong: word }, "*");

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || !isAllowed(origin) || typeof data !== "object" || data === null) return;
    if (data.wengong === "open") focus();
    else if (data.wengong === "ask" && typeof data.text === "string" && data.text.trim()) {
      ask(data.text.trim().slice(0, LONGEST));
    }
  });
  document.getElementById("close").addEventListener("click", () => tell("close"));
  document.addEventListener("keydown", (event) => {
    // Lists and dialogs of the chat take Escape first.
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) tell("close");
  });
  tell("ready");
}

function isAllowed(origin) {
  const patterns = [window.location.origin, ...page.origins];
  return patterns.some((pattern) => pattern === "*" || pattern === origin);
}
