// Turns data into nodes. Text enters the page only through text nodes, never as markup.

import { t } from "./page.js";

/** The language of what the handbooks say, whatever the page around it is in. */
export const PRINTED = "zh-Hans";

/** An element with the given properties (or attributes, where there is no such property) and children. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function button(label, className, onClick) {
  const node = element("button", { type: "button", className, textContent: label });
  node.addEventListener("click", onClick);
  return node;
}

/**
 * The text as nodes, `marks` wrapped in <mark> and misprints underlined.
 * Spans are half-open {start, end} in Unicode code points, as the API counts them; a JavaScript string
 * index counts UTF-16 units, so the text is split into code points before anything is cut.
 */
export function markedText(text, marks, misprints = []) {
  const points = Array.from(text);
  const nodes = document.createDocumentFragment();
  for (const piece of cutAt(marks, 0, points.length)) {
    const parent = piece.inside ? nodes.appendChild(element("mark")) : nodes;
    for (const part of cutAt(misprints, piece.start, piece.end)) {
      const printed = points.slice(part.start, part.end).join("");
      parent.append(part.inside ? element("span", { className: "misprint" }, printed) : printed);
    }
  }
  return nodes;
}

/** The range [start, end) as consecutive pieces, each wholly inside or wholly outside the spans. */
function cutAt(spans, start, end) {
  const pieces = [];
  let at = start;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const from = Math.max(span.start, at);
    const to = Math.min(span.end, end);
    if (from >= to) continue;
    if (from > at) pieces.push({ start: at, end: from, inside: false });
    const previous = pieces[pieces.length - 1];
    if (previous && previous.inside && previous.end === from) previous.end = to;
    else pieces.push({ start: from, end: to, inside: true });
    at = to;
  }
  if (at < end) pieces.push({ start: at, end, inside: false });
  return pieces;
}

/** The visible notes on misprints: the quotation itself stays as the book printed it. */
export function errataList(errata) {
  const notes = errataNotes(errata).map((note) => element("li", {}, t("note"), note));
  return notes.length ? [element("ul", { className: "errata" }, ...notes)] : [];
}

/** One line for each different misprint; an empty correction means that the print has too much. */
export function errataNotes(errata) {
  const notes = errata.map(({ printed, corrected }) => t(corrected ? "misprint" : "misprint_extra", { printed, corrected }));
  return [...new Set(notes)];
}

/** Where a quotation stands: handbook and edition, the part and the page, where the book has them. */
export function sourceNote({ handbook_title: title, edition, part, page: number }) {
  const note = element("p", { className: "source", lang: PRINTED }, `《${title}》${edition}`);
  if (number) note.append(` · ${t("page_number", { page: number })}`);
  if (part) note.append(element("br"), part);
  return note;
}

/** Whether the edition still counts, and from when to when it does, where that is known. */
export function validityNotes({ outdated, effective_from: from, effective_to: to }) {
  const notes = [];
  if (outdated) notes.push(element("p", { className: "outdated" }, t("outdated")));
  const key = from && to ? "valid_between" : from ? "valid_from" : to ? "valid_to" : null;
  if (key) notes.push(element("p", { className: "source" }, t(key, { from, to })));
  return notes;
}
