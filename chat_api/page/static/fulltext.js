// The dialog with a question's whole answer, the quoted excerpt marked where it stands.

import { asProblem, get } from "./api.js";
import { PRINTED, button, element, errataList, markedText, sourceNote } from "./dom.js";
import { t } from "./page.js";

const dialog = document.getElementById("full-text");
const body = document.getElementById("full-text-body");
const answer = document.getElementById("full-text-answer");
let opener = null;

/** A phone's back button closes the dialog, as its own button does; so opening it is a step in the history. */
export function prepareFullText() {
  document.getElementById("full-text-close").addEventListener("click", () => dialog.close());
  // The dialog's own box is filled by its children, so a click that lands on it is on the backdrop.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    if (history.state?.isFullText) history.back();
    opener?.focus({ preventScroll: true });
  });
  window.addEventListener("popstate", () => dialog.open && dialog.close());
  // A page that is opened again, with the step still in its history, shows no dialog.
  if (history.state?.isFullText) history.replaceState(null, "");
}

export function openFullText(citation, openedBy) {
  opener = openedBy;
  document.getElementById("full-text-label").textContent = t("whole_title", citation);
  document.getElementById("full-text-title").textContent = citation.question;
  history.pushState({ isFullText: true }, "");
  dialog.showModal();
  document.getElementById("full-text-title").focus();
  load(citation);
}

async function load(citation) {
  answer.setAttribute("aria-busy", "true");
  answer.replaceChildren(element("p", { role: "status" }, t("loading_whole")));
  try {
    const detail = await get(citation.url);
    answer.replaceChildren(...fullText(detail, citation));
    scrollToExcerpt();
  } catch (error) {
    const problem = asProblem(error);
    const again = button(t("retry"), "main-button", () => load(citation));
    answer.replaceChildren(element("p", { role: "alert" }, `${problem.title} · ${problem.detail}`), again);
  } finally {
    answer.removeAttribute("aria-busy");
  }
}

function fullText(detail, excerpt) {
  // Errata are counted from the start of the question, everything else from the start of the handbook.
  const errata = detail.errata.map(({ start, end }) => ({ start: detail.start + start, end: detail.start + end }));
  const paragraphs = detail.paragraphs.map((paragraph) => {
    const misprints = errata.map((erratum) => within(paragraph, erratum));
    return element("p", {}, markedText(paragraph.text, [within(paragraph, excerpt)], misprints));
  });
  return [
    sourceNote(detail),
    element("div", { className: "full-text-paragraphs", lang: PRINTED }, ...paragraphs),
    ...errataList(detail.errata),
  ];
}

/** A span of the handbook, counted from the paragraph's start; markedText drops what lies outside. */
function within(paragraph, span) {
  return { start: span.start - paragraph.start, end: span.end - paragraph.start };
}

function scrollToExcerpt() {
  const mark = answer.querySelector("mark");
  if (!mark) return;
  const lead = body.clientHeight / 5;
  body.scrollTop += mark.getBoundingClientRect().top - body.getBoundingClientRect().top - lead;
}
