// Whom to ask: a text whose phone numbers become links.

import { PRINTED, element } from "./dom.js";

const PHONE_NUMBER = /(\d[\d-]{4,}\d|\d{5}|\b1[12]0\b)/;

export function contactNote(title, text, className = "contact") {
  if (!text) return [];
  const heading = element("h3", { className: "section-title" }, title);
  return [heading, element("p", { className, lang: PRINTED }, ...withPhoneLinks(text))];
}

/** Splitting at a group puts the numbers at the odd places. */
function withPhoneLinks(text) {
  return text.split(PHONE_NUMBER).map((piece, index) => (index % 2 ? phoneLink(piece) : piece));
}

function phoneLink(number) {
  return element("a", { href: `tel:${number.replace(/-/g, "")}`, className: "phone" }, number);
}
