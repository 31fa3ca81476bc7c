// Type-ahead: a listbox of handbook questions above the text field. It only ever offers; sending what
// was typed works the same with the list open, closed, slow or broken.

import { suggest } from "./api.js";
import { PRINTED, element } from "./dom.js";
import { t } from "./page.js";

const DELAY_MS = 180;
const SHORTEST = 2;
const MOST = 5;

/**
 * Watches the field; `onChoose(question)` is called when a question of the list is picked.
 * `status` is a live region that tells screen readers of the list; `handbook()` is the one that is asked, or null.
 */
export function attachSuggestions({ field, list, status, handbook }, onChoose) {
  let timer = 0;
  let asked = 0; // answers to anything but the latest request are dropped
  let active = -1;

  const isOpen = () => !list.hidden;
  const options = () => Array.from(list.children);

  function close() {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    setActive(-1);
    status.textContent = "";
  }

  function setActive(index) {
    active = index;
    options().forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", options()[index].id);
  }

  function choose(question) {
    close();
    onChoose(question);
  }

  async function look() {
    const typed = field.value.trim();
    const mine = (asked += 1);
    try {
      const { suggestions } = await suggest(typed);
      const fitting = suggestions.filter((one) => !handbook() || one.handbook_id === handbook());
      if (mine === asked && document.activeElement === field) show(fitting.slice(0, MOST));
    } catch {
      // No suggestions is no loss: the question can be sent as it is.
    }
  }

  function show(suggestions) {
    if (!suggestions.length) return close();
    list.replaceChildren(...suggestions.map(option));
    list.hidden = false;
    keepWhatFits();
    setActive(-1);
    status.textContent = t("suggestions_count", { count: options().length });
  }

  /** Only whole rows: a list that scrolled under the thumb would get in the way of the page. */
  function keepWhatFits() {
    while (list.scrollHeight > list.clientHeight && options().length > 1) list.lastChild.remove();
  }

  function option({ question_number: number, label, question }, index) {
    const node = element("li", { id: `suggestion-${index}`, role: "option", "aria-selected": "false", lang: PRINTED });
    node.append(...(number ? [element("span", { className: "label" }, label), " "] : []), question);
    node.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    node.addEventListener("click", () => choose(question));
    node.dataset.question = question;
    return node;
  }

  field.addEventListener("input", (event) => {
    if (event.isComposing) return; // half-typed pinyin
    clearTimeout(timer);
    if (field.value.trim().length < SHORTEST) return close();
    timer = setTimeout(look, DELAY_MS);
  });
  field.addEventListener("compositionend", () => field.dispatchEvent(new InputEvent("input", { bubbles: true })));
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (!isOpen() || event.isComposing) return;
    const count = options().length;
    if (event.key === "ArrowDown") setActive((active + 2) % (count + 1) - 1);
    else if (event.key === "ArrowUp") setActive((active + count + 1) % (count + 1) - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) choose(options()[active].dataset.question);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the form must not also send what was typed
  });
  return { close };
}
