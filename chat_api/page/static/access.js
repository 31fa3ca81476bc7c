// Where a code is needed to ask: the form for it, and what becomes of a code that is refused.

import { KEY } from "./api.js";
import { page, t } from "./page.js";
import { recall, remember } from "./storage.js";

const form = document.getElementById("access");
const field = document.getElementById("access-key");
const problem = document.getElementById("access-problem");

/** `onGiven()` is called when a code was typed. */
export function prepareAccess(onGiven) {
  if (page.access !== "code") return;
  form.hidden = Boolean(recall("sessionStorage", KEY, ""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = field.value.trim();
    if (!key) return field.focus();
    // A header carries no other characters, and no code has them.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      problem.textContent = t("access_wrong");
      return field.focus();
    }
    remember("sessionStorage", KEY, key);
    form.hidden = true;
    field.value = "";
    problem.textContent = "";
    onGiven();
  });
}

/** Asks for the code again: the one that was sent, if any, is not valid. */
export function askForCode() {
  if (page.access !== "code") return;
  problem.textContent = recall("sessionStorage", KEY, "") ? t("access_wrong") : "";
  remember("sessionStorage", KEY, "");
  form.hidden = false;
  form.scrollIntoView();
  field.focus();
}
