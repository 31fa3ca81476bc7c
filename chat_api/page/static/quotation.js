// An excerpt on its way out of the page: copied with its source, or shared as a link to its question.

import { element, errataNotes } from "./dom.js";
import { t } from "./page.js";

/** The excerpt with its source, as it should stand in a letter or a chat message. */
export function copyQuotation(citation) {
  const { handbook_title: title, edition, part, label, question } = citation;
  const notes = errataNotes(citation.errata).map((note) => `（${note}）`);
  const source = [`——《${title}》${edition}`, part, `${label}：${question}`].filter(Boolean);
  return copied([citation.excerpt, ...notes, source.join("，")].join("\n"));
}

/**
 * Hands the link to whatever the phone shares with, or copies it; says what to tell the person, if anything.
 * The link names edition and excerpt, and not what was asked.
 */
export async function shareLink(citation) {
  const link = new URL(citation.url.replace("/v1/handbooks", "/read"), window.location.href);
  link.searchParams.set("edition", citation.edition);
  link.searchParams.set("mark", `${citation.start}-${citation.end}`);
  link.hash = "excerpt";
  if (navigator.share) {
    try {
      await navigator.share({ title: `${citation.label} ${citation.question}`, url: link.href });
      return "";
    } catch (error) {
      if (error.name === "AbortError") return ""; // the person thought better of it
    }
  }
  return (await copied(link.href)) ? t("link_copied") : link.href;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** For plain http pages and older web views, which have no clipboard API. */
function copiedBySelection(text) {
  const focused = document.activeElement;
  const holder = element("textarea", { className: "visually-hidden", value: text, "aria-hidden": "true" });
  document.body.append(holder);
  holder.select();
  const done = document.execCommand("copy");
  holder.remove();
  focused.focus();
  return done;
}
