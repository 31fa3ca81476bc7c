// The form at the foot: the field, as tall as its text and remembered as a draft, and what it says beside it.

import { chosenHandbook } from "./handbooks.js";
import { t } from "./page.js";
import { recall, remember } from "./storage.js";
import { attachSuggestions } from "./suggest.js";

const NEARLY_FULL = 50;
const PLACE = "wengong.draft";
const byId = (id) => document.getElementById(id);
const form = byId("ask");
const field = byId("question");
const hint = byId("question-hint");

/** `onSend(question)` is called with what was typed, or with the question of the button that was pressed. */
export function createComposer(onSend) {
  const parts = { field, list: byId("suggestions"), status: byId("suggestions-status"), handbook: chosenHandbook };
  const suggestions = attachSuggestions(parts, (question) => {
    set(question);
    send();
  });

  function set(text) {
    field.value = text;
    changed();
  }

  function changed() {
    remember("sessionStorage", PLACE, field.value);
    fit();
    const left = field.maxLength - field.value.length;
    hint.textContent =
      left > NEARLY_FULL ? "" : left ? t("room_left", { count: left }) : t("no_room_left", { count: field.maxLength });
  }

  function send() {
    suggestions.close();
    const question = field.value.trim();
    if (question) onSend(question, { isTyped: true });
    else hint.textContent = t("write_first");
    // On a phone, pressing the button puts the keyboard away, and the answer has room; leave it so.
    if (window.matchMedia("(pointer: fine)").matches) field.focus();
  }

  field.addEventListener("input", changed);
  field.addEventListener("keydown", (event) => {
    // While an input method is composing, Enter picks a word (229 is how older Safari says so).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  // The first screen's questions are buttons of this form, so that they work without this script.
  byId("starters").addEventListener("click", (event) => {
    const choice = event.target.closest("button[name=choice]");
    if (!choice) return;
    event.preventDefault();
    onSend(choice.value, { isTyped: false });
  });
  set(recall("sessionStorage", PLACE, ""));
  return {
    set,
    fit,
    focus: () => field.focus(),
    say: (text) => (hint.textContent = text),
    /** What was answered leaves the field; until then it stays there. */
    answered: (question) => field.value.trim() === question && set(""),
    setBusy: (busy) => byId("send").setAttribute("aria-disabled", String(busy)),
  };
}

/** The field is as tall as its text, up to the limit the style sheet sets. */
function fit() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}
