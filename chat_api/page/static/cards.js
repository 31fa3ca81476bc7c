// An answer as nodes: citations as cards, suggestions as buttons, whom to ask, feedback.

import { aloudButton } from "./aloud.js";
import { contactNote } from "./contact.js";
import { PRINTED, button, element, errataList, markedText, sourceNote, validityNotes } from "./dom.js";
import { feedbackBar } from "./feedback.js";
import { openFullText } from "./fulltext.js";
import { t } from "./page.js";
import { copyQuotation, shareLink } from "./quotation.js";

/** One line that says what came back; shown above the cards and read out by screen readers. */
export function summaryOf({ status, citations }) {
  if (status === "abstained") return t("not_found");
  if (status === "clarify") return t("unsure");
  const labels = new Set(citations.map((citation) => citation.label));
  return t("found", { count: citations.length, labels: [...labels].join(t("label_separator")) });
}

/**
 * The answer below its summary.
 * `on.ask(question)` asks a suggested question, `on.askAlone(turn)` asks this one again without the earlier ones,
 * `on.edit(question)` puts it back into the field, `on.change()` keeps what `turn.feedback` says was sent.
 */
export function answerNodes(turn, on) {
  const { answer } = turn;
  const nodes = [
    ...contactNote(t("urgent_title"), answer.urgent_contact, "contact urgent"),
    ...understoodNote(turn, on),
  ];
  if (answer.status === "answered") {
    nodes.push(...answer.citations.map(citationCard));
  } else if (answer.status === "clarify") {
    nodes.push(...suggestionList(t("did_you_mean"), answer.suggestions, on.ask));
    nodes.push(element("h3", { className: "section-title" }, t("maybe_related")));
    nodes.push(...answer.citations.map(citationCard), ...contactNote(t("whom_to_ask"), answer.contact));
  } else {
    nodes.push(...contactNote(t("whom_to_ask"), answer.contact));
    nodes.push(...suggestionList(t("near_questions"), answer.suggestions, on.ask));
  }
  if (answer.status !== "abstained") nodes.push(feedbackBar(turn, on.change));
  return nodes;
}

/** What was looked up, where that is not what was typed, and how to have it otherwise. */
function understoodNote(turn, on) {
  const text = turn.answer.understood_as;
  if (!text) return [];
  const drop = turn.follows
    ? button(t("only_this"), "quiet-button", () => on.askAlone(turn))
    : button(t("edit_question"), "quiet-button", () => on.edit(turn.question));
  return [element("div", { className: "understood" }, element("p", {}, t("understood_as", { text })), drop)];
}

export function suggestionButtons(suggestions, onAsk) {
  return suggestions.map(({ question_number: number, label, question }) => {
    const choice = button("", "choice", () => onAsk(question));
    choice.lang = PRINTED;
    choice.append(...(number ? [element("span", { className: "label" }, label), " "] : []), question);
    return element("li", {}, choice);
  });
}

function suggestionList(heading, suggestions, onAsk) {
  if (!suggestions.length) return [];
  const title = element("h3", { className: "section-title" }, heading);
  return [title, element("ul", { className: "choices" }, ...suggestionButtons(suggestions, onAsk))];
}

function citationCard(citation) {
  const { label, question, excerpt, highlights, errata } = citation;
  return element(
    "article",
    { className: "card", "aria-label": `${label} ${question}` },
    element("h3", { lang: PRINTED }, element("span", { className: "label" }, label), ` ${question}`),
    element("blockquote", { lang: PRINTED }, markedText(excerpt, highlights, errata)),
    ...errataList(errata),
    sourceNote(citation),
    ...validityNotes(citation),
    ...cardActions(citation),
  );
}

function cardActions(citation) {
  const note = element("p", { className: "note", role: "status" });
  const copy = async () => {
    note.textContent = t((await copyQuotation(citation)) ? "copied" : "copy_failed");
  };
  const share = async () => {
    note.textContent = await shareLink(citation);
  };
  const actions = element(
    "div",
    { className: "actions card-actions" },
    button(t("whole_answer"), "quiet-button", (event) => openFullText(citation, event.currentTarget)),
    ...aloudButton(citation.excerpt),
    button(t("copy"), "quiet-button", copy),
    button(t("share"), "quiet-button", share),
  );
  return [actions, note];
}
