// What was asked lately, on this device only, and one button that forgets it.

import { button, element } from "./dom.js";
import { t } from "./page.js";
import { recall, remember } from "./storage.js";

const KEPT = 6;
const PLACE = "wengong.recent";
const box = document.getElementById("recent-box");

/** Shows the list; `on.ask(question)` asks one again, `on.clear()` forgets the rest of the page's memory too. */
export function prepareRecent(on) {
  document.getElementById("clear-history").addEventListener("click", () => {
    remember("localStorage", PLACE, []);
    on.clear();
    document.getElementById("history-status").textContent = t("history_cleared");
    document.getElementById("welcome-title").focus(); // the pressed button is gone
  });
  showRecent(on);
}

export function showRecent(on) {
  const asked = recall("localStorage", PLACE, []);
  const items = asked.map((question) => {
    const choice = button(question, "choice", () => on.ask(question));
    return element("li", {}, choice);
  });
  document.getElementById("recent").replaceChildren(...items);
  box.hidden = items.length === 0;
}

export function rememberAsked(question) {
  const others = recall("localStorage", PLACE, []).filter((one) => one !== question);
  remember("localStorage", PLACE, [question, ...others].slice(0, KEPT));
}
