// Useful or not: sent once for an answer; a "no" may carry one of three reasons, never free text.

import { asProblem, sendFeedback } from "./api.js";
import { button, element } from "./dom.js";
import { t } from "./page.js";

/** Staff read the reasons in Chinese, whatever the page's language is. */
const REASONS = { reason_other_question: "不是我问的", reason_incomplete: "说得不够全", reason_unclear: "看不懂" };

/** The bar below an answer; `onChange()` is called when `turn.feedback` says that it was sent. */
export function feedbackBar(turn, onChange) {
  const bar = element("div", { className: "feedback", role: "group", "aria-label": t("rate_answer") });
  const says = element("p", { role: "status" });
  const choices = element("div", { className: "actions" });
  bar.append(says, choices);

  const send = async (useful, reason) => {
    choices.hidden = true;
    says.textContent = t("submitting");
    says.tabIndex = -1;
    says.focus(); // the pressed button is gone; keep the keyboard here
    try {
      await sendFeedback(turn.answer.answer_id, useful, reason);
      turn.feedback = "sent";
      says.textContent = t("thanks");
      onChange();
    } catch (error) {
      says.textContent = t("feedback_failed", { problem: asProblem(error).title });
      choices.hidden = false;
    }
  };
  const askReason = () => {
    says.textContent = t("what_is_wrong");
    const reasons = Object.entries(REASONS).map(([key, reason]) =>
      button(t(key), "quiet-button", () => send(false, reason)));
    choices.replaceChildren(...reasons, button(t("no_reason"), "quiet-button", () => send(false)));
    choices.firstChild.focus();
  };

  if (turn.feedback) {
    says.textContent = t("thanks");
  } else {
    says.textContent = t("was_it_useful");
    choices.append(
      button(t("useful"), "quiet-button", () => send(true)),
      button(t("not_useful"), "quiet-button", askReason),
    );
  }
  return bar;
}
