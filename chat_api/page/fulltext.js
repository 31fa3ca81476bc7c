// The dialog with a question's whole answer, the quoted excerpt marked where it stands.

import { asProblem, get } from "./api.js";
import { button, element, errataList, markedText, sourceNote } from "./dom.js";

const dialog = document.getElementById("full-text");
const body = document.getElementById("full-text-body");
const answer = document.getElementById("full-text-answer");
let opener = null;

export function prepareFullText() {
  document.getElementById("full-text-close").addEventListener("click", () => dialog.close());
  // The dialog's own box is filled by its children, so a click that lands on it is on the backdrop.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => opener && opener.focus());
}

export function openFullText(citation, openedBy) {
  opener = openedBy;
  document.getElementById("full-text-label").textContent = `${citation.label} 全文`;
  document.getElementById("full-text-title").textContent = citation.question;
  dialog.showModal();
  load(citation);
}

async function load(citation) {
  answer.setAttribute("aria-busy", "true");
  answer.replaceChildren(element("p", { role: "status" }, "正在取全文…"));
  try {
    const detail = await get(citation.url);
    answer.replaceChildren(...fullText(detail, citation));
    scrollToExcerpt();
  } catch (error) {
    const problem = asProblem(error);
    const again = button("重试", "main-button", () => load(citation));
    answer.replaceChildren(element("p", { role: "alert" }, `${problem.title}。${problem.detail}`), again);
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
    element("div", { className: "full-text-paragraphs" }, ...paragraphs),
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
