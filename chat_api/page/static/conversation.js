// One conversation: its turns, on the page and kept until the page is closed.

import { stopReading } from "./aloud.js";
import { ask, asProblem } from "./api.js";
import { answerNodes, summaryOf } from "./cards.js";
import { button, element } from "./dom.js";
import { chosenHandbook } from "./handbooks.js";
import { t } from "./page.js";
import { rememberAsked } from "./recent.js";
import { recall, remember } from "./storage.js";

const MOST_HISTORY = 10;
const SLOW_MS = 3000;
const PLACE = "wengong.turns";
const log = document.getElementById("conversation");
const list = document.getElementById("turns");

/**
 * Turns of this conversation: {question, answer, feedback, follows, handbook} and the nodes that show them. `answer`
 * is null until one has arrived; `follows` says whether the earlier questions were sent along.
 *
 * `on.begin()` and `on.end(turn)` are called around each search, `on.edit(question)` wants to change a question.
 */
export function createConversation(on) {
  let turns = [];
  let waiting = false;
  const actions = { ask: askAside, askAlone, edit: on.edit, change: save };

  function save() {
    const answered = turns.filter((turn) => turn.answer);
    const kept = answered.map(({ question, answer, feedback, follows, handbook }) =>
      ({ question, answer, feedback, follows, handbook }));
    remember("sessionStorage", PLACE, kept);
  }

  /** A turn's list item. Only its one-line summary is announced; the cards are there to be read at leisure. */
  function append(turn) {
    turn.title = element("h2", { className: "asked", tabIndex: -1 }, turn.question);
    turn.summary = element("p", { className: "summary", role: "status" });
    turn.body = element("div", { className: "answer" });
    list.append(element("li", { "aria-live": "off" }, turn.title, turn.summary, turn.body));
  }

  function show(turn) {
    turn.summary.textContent = summaryOf(turn.answer);
    turn.body.replaceChildren(...answerNodes(turn, actions));
  }

  function showProblem(turn, problem) {
    turn.summary.textContent = problem.title;
    const nodes = [element("p", {}, problem.detail)];
    if (problem.retryable) nodes.push(button(t("retry"), "main-button", () => again(turn)));
    if (problem.requestId) {
      nodes.push(element("p", { className: "small-print" }, t("request_id", { id: problem.requestId })));
    }
    turn.body.replaceChildren(element("div", { className: "problem" }, ...nodes));
  }

  async function find(turn) {
    setWaiting(true);
    stopReading();
    turn.summary.textContent = t("searching");
    turn.body.replaceChildren();
    turn.title.scrollIntoView();
    const slow = setTimeout(() => (turn.summary.textContent = t("still_searching")), SLOW_MS);
    let problem = null;
    try {
      const earlier = earlierQuestions(turn);
      turn.follows = earlier.length > 0;
      turn.answer = await ask(turn.question, earlier, turn.handbook);
      show(turn);
      save();
      rememberAsked(turn.question);
    } catch (error) {
      turn.answer = null;
      problem = asProblem(error);
      showProblem(turn, problem);
    }
    clearTimeout(slow);
    setWaiting(false);
    turn.title.scrollIntoView();
    on.end(turn, problem);
  }

  function setWaiting(now) {
    waiting = now;
    log.setAttribute("aria-busy", String(now));
    on.begin(now);
  }

  function earlierQuestions(turn) {
    if (turn.alone) return [];
    const earlier = turns.slice(0, turns.indexOf(turn)).filter(({ answer }) => answer);
    return earlier.map(({ question }) => question).slice(-MOST_HISTORY);
  }

  /** Sending the question that has just failed is one more try, not a new turn. */
  function failedTurn(question) {
    const last = turns[turns.length - 1];
    return last && !last.answer && last.question === question ? last : null;
  }

  function newTurn(question) {
    const turn = { question, answer: null, feedback: null, follows: false, handbook: chosenHandbook() };
    turns.push(turn);
    append(turn);
    return turn;
  }

  function start(question) {
    if (waiting) return null;
    const turn = failedTurn(question) || newTurn(question);
    find(turn);
    return turn;
  }

  /** From a button, the focus goes to the question: the text field would raise a phone's keyboard over the answer. */
  function askAside(question) {
    start(question)?.title.focus({ preventScroll: true });
  }

  function again(turn) {
    if (waiting) return;
    find(turn);
    turn.title.focus({ preventScroll: true });
  }

  function askAlone(turn) {
    turn.alone = true;
    again(turn);
  }

  function clear() {
    turns = [];
    list.replaceChildren();
    stopReading();
    save();
  }

  function restore() {
    turns = recall("sessionStorage", PLACE, []);
    try {
      for (const turn of turns) {
        append(turn);
        show(turn);
      }
    } catch {
      clear(); // kept by another version of this page
    }
  }

  return { ask: start, askAside, again, clear, restore, isEmpty: () => turns.length === 0, isWaiting: () => waiting };
}
