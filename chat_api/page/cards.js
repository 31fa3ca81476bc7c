// An answer as nodes: citations as cards, suggestions as buttons, whom to ask, feedback.

import { asProblem, sendFeedback } from "./api.js";
import { button, element, errataList, errataNotes, markedText, sourceNote } from "./dom.js";
import { openFullText } from "./fulltext.js";

/** One line that says what came back; shown above the cards and read out by screen readers. */
export function summaryOf(answer) {
  const { status, citations } = answer;
  if (status === "abstained") return "手册里没有找到能回答这个问题的内容。";
  if (status === "clarify") return "不太确定您问的是哪一个，请选一选。";
  const labels = new Set(citations.map((citation) => citation.label));
  return `找到${citations.length}段原文，出自${[...labels].join("、")}。`;
}

/**
 * The answer below its summary.
 * `on.ask(question)` asks a suggested question, `on.askAlone(turn)` asks this one again without the earlier ones,
 * `on.change()` keeps what `turn.feedback` says was sent for this answer.
 */
export function answerNodes(turn, on) {
  const { answer } = turn;
  const nodes = understoodNote(turn, on.askAlone);
  if (answer.status === "answered") {
    nodes.push(...answer.citations.map(citationCard));
  } else if (answer.status === "clarify") {
    nodes.push(...suggestionList("您是不是想问", answer.suggestions, on.ask));
    nodes.push(element("h3", { className: "section-title" }, "可能相关的原文"), ...answer.citations.map(citationCard));
    nodes.push(...contactNote(answer.contact));
  } else {
    nodes.push(...contactNote(answer.contact));
    nodes.push(...suggestionList("手册里相近的问题", answer.suggestions, on.ask));
  }
  if (answer.status !== "abstained") nodes.push(feedbackBar(turn, on.change));
  return nodes;
}

/** What was looked up, where that is not what was typed; if earlier questions came into it, they can be dropped. */
function understoodNote(turn, onAskAlone) {
  if (!turn.answer.understood_as) return [];
  const note = element("div", { className: "understood" }, element("p", {}, `按“${turn.answer.understood_as}”查找`));
  if (turn.follows) note.append(button("只查这一句", "quiet-button", () => onAskAlone(turn)));
  return [note];
}

export function suggestionButtons(suggestions, onAsk) {
  return suggestions.map(({ question_number: number, question }) => {
    const label = number ? [element("span", { className: "label" }, `第${number}问`), ` ${question}`] : [question];
    const choice = button("", "choice", () => onAsk(question));
    choice.append(...label);
    return element("li", {}, choice);
  });
}

function suggestionList(heading, suggestions, onAsk) {
  if (!suggestions.length) return [];
  const title = element("h3", { className: "section-title" }, heading);
  return [title, element("ul", { className: "choices" }, ...suggestionButtons(suggestions, onAsk))];
}

function citationCard(citation) {
  const note = element("p", { className: "note", role: "status" });
  return element(
    "article",
    { className: "card", "aria-label": `${citation.label} ${citation.question}` },
    element("h3", {}, element("span", { className: "label" }, citation.label), ` ${citation.question}`),
    element("blockquote", {}, markedText(citation.excerpt, citation.highlights, citation.errata)),
    ...errataList(citation.errata),
    sourceNote(citation),
    element(
      "div",
      { className: "actions" },
      button("看全文", "quiet-button", (event) => openFullText(citation, event.currentTarget)),
      button("复制原文和出处", "quiet-button", async () => {
        note.textContent = (await copied(quotation(citation))) ? "已复制" : "复制不了，请按住原文自行选取复制";
      }),
      note,
    ),
  );
}

/** The excerpt with its source, as it should stand in a letter or a chat message. */
function quotation(citation) {
  const { handbook_title: title, edition, part, label, question } = citation;
  const notes = errataNotes(citation.errata).map((note) => `（${note}）`);
  const source = [`——《${title}》${edition}`, part, `${label}：${question}`].filter(Boolean);
  return [citation.excerpt, ...notes, source.join("，")].join("\n");
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

/** Whom to ask: a text, whose phone numbers become links, or {text, phone}. */
function contactNote(contact) {
  if (!contact) return [];
  const { text, phone } = typeof contact === "string" ? { text: contact, phone: null } : contact;
  const note = element("p", { className: "contact" }, ...(phone ? [text, " ", phoneLink(phone)] : withPhoneLinks(text)));
  return [element("h3", { className: "section-title" }, "您可以问"), note];
}

/** Splitting at a group puts the numbers at the odd places. */
function withPhoneLinks(text) {
  return text.split(/(\d[\d-]{4,}\d|\d{5})/).map((piece, index) => (index % 2 ? phoneLink(piece) : piece));
}

function phoneLink(number) {
  return element("a", { href: `tel:${number.replace(/[^\d+]/g, "")}`, className: "phone" }, number);
}

const REASONS = ["不是我问的", "说得不够全", "看不懂"];

/** Useful or not: sent once for an answer; a "no" may carry one of three reasons, never free text. */
function feedbackBar(turn, onChange) {
  const bar = element("div", { className: "feedback", role: "group", "aria-label": "评价这个回答" });
  const says = element("p", { role: "status" });
  const choices = element("div", { className: "actions" });
  bar.append(says, choices);

  const send = async (useful, reason) => {
    choices.hidden = true;
    says.textContent = "正在提交…";
    says.tabIndex = -1;
    says.focus(); // the pressed button is gone; keep the keyboard here
    try {
      await sendFeedback(turn.answer.answer_id, useful, reason);
      turn.feedback = "sent";
      says.textContent = THANKS;
      onChange();
    } catch (error) {
      says.textContent = `${asProblem(error).title}，没有提交成功，可以再点一次。`;
      choices.hidden = false;
    }
  };
  const askReason = () => {
    says.textContent = "哪里不合适？";
    const reasons = REASONS.map((reason) => button(reason, "quiet-button", () => send(false, reason)));
    choices.replaceChildren(...reasons, button("不说原因", "quiet-button", () => send(false)));
    choices.firstChild.focus();
  };

  if (turn.feedback) {
    says.textContent = THANKS;
  } else {
    says.textContent = "这个回答有用吗？";
    choices.append(button("有用", "quiet-button", () => send(true)), button("没用", "quiet-button", askReason));
  }
  return bar;
}

const THANKS = "已记下，谢谢您的评价。";
