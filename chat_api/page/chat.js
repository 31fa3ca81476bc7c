// The chat page: type size, starter questions, and one conversation.

import { ask, asProblem } from "./api.js";
import { answerNodes, suggestionButtons, summaryOf } from "./cards.js";
import { button, element } from "./dom.js";
import { prepareFullText } from "./fulltext.js";
import { recall, remember } from "./storage.js";
import { attachSuggestions } from "./suggest.js";
import { firstScreen } from "./welcome.js";

const byId = (id) => document.getElementById(id);
const form = byId("ask");
const field = byId("question");
const conversation = byId("conversation");
const welcome = byId("welcome");

const MOST_HISTORY = 10;

/**
 * Turns of this conversation: {question, answer, feedback, follows} and the nodes that show them. `answer` is
 * null until one has arrived; `follows` says whether the earlier questions were sent along.
 */
let turns = [];
let waiting = false;

function saveTurns() {
  const answered = turns.filter((turn) => turn.answer);
  const kept = answered.map(({ question, answer, feedback, follows }) => ({ question, answer, feedback, follows }));
  remember("sessionStorage", "wengong.turns", kept);
}

const saveDraft = () => remember("sessionStorage", "wengong.draft", field.value);

// --- Type size ---

function prepareTypeSize() {
  const toggle = byId("large-type");
  const apply = (large) => {
    document.documentElement.classList.toggle("large-type", large);
    toggle.setAttribute("aria-pressed", String(large));
    fitField();
  };
  apply(recall("localStorage", "wengong.large", false));
  toggle.addEventListener("click", () => {
    const large = toggle.getAttribute("aria-pressed") !== "true";
    apply(large);
    remember("localStorage", "wengong.large", large);
  });
}

// --- First screen; the page can be used without what it fetches ---

async function fillWelcome() {
  const { names, starters } = await firstScreen();
  byId("handbooks").textContent = `摘自${names.join("、")}`;
  byId("handbooks").hidden = false;
  byId("starters").replaceChildren(...suggestionButtons(starters, askFromButton));
  showWelcome();
}

function showWelcome() {
  welcome.hidden = turns.length > 0 || !byId("starters").children.length;
  byId("new-conversation").hidden = turns.length === 0;
}

// --- The conversation ---

/** A turn's list item. Only its one-line summary is announced; the cards are there to be read at leisure. */
function appendTurn(turn) {
  turn.title = element("h2", { className: "asked", tabIndex: -1 }, turn.question);
  turn.summary = element("p", { className: "summary", role: "status" });
  turn.body = element("div", { className: "answer" });
  byId("turns").append(element("li", { "aria-live": "off" }, turn.title, turn.summary, turn.body));
}

function showAnswer(turn) {
  turn.summary.textContent = summaryOf(turn.answer);
  turn.body.replaceChildren(...answerNodes(turn, { ask: askFromButton, askAlone, change: saveTurns }));
}

function showProblem(turn, problem) {
  turn.summary.textContent = `${problem.title}。`;
  const nodes = [element("p", {}, problem.detail)];
  if (problem.retryable) nodes.push(button("重试", "main-button", () => retry(turn)));
  if (problem.requestId) nodes.push(element("p", { className: "small-print" }, `联系工会时可报编号：${problem.requestId}`));
  turn.body.replaceChildren(element("div", { className: "problem" }, ...nodes));
}

async function find(turn) {
  waiting = true;
  conversation.setAttribute("aria-busy", "true");
  byId("send").setAttribute("aria-disabled", "true");
  turn.summary.textContent = "正在查找…";
  turn.body.replaceChildren();
  turn.title.scrollIntoView();
  try {
    const earlier = earlierQuestions(turn);
    turn.follows = earlier.length > 0;
    turn.answer = await ask(turn.question, earlier);
    showAnswer(turn);
    saveTurns();
    // Cleared only now: until there is an answer, what was typed stays in the field.
    if (field.value.trim() === turn.question) setField("");
  } catch (error) {
    turn.answer = null;
    showProblem(turn, asProblem(error));
  }
  waiting = false;
  conversation.setAttribute("aria-busy", "false");
  byId("send").removeAttribute("aria-disabled");
  turn.title.scrollIntoView();
}

function earlierQuestions(turn) {
  if (turn.alone) return [];
  const earlier = turns.slice(0, turns.indexOf(turn)).filter(({ answer }) => answer);
  return earlier.map(({ question }) => question).slice(-MOST_HISTORY);
}

function startTurn(question) {
  const turn = failedTurn(question) || newTurn(question);
  find(turn);
  return turn;
}

/** Sending the question that has just failed is one more try, not a new turn. */
function failedTurn(question) {
  const last = turns[turns.length - 1];
  return last && !last.answer && last.question === question ? last : null;
}

function newTurn(question) {
  const turn = { question, answer: null, feedback: null, follows: false };
  turns.push(turn);
  appendTurn(turn);
  showWelcome();
  return turn;
}

/** From a button, the focus goes to the new question: the text field would raise a phone's keyboard over the answer. */
function askFromButton(question) {
  if (waiting) return;
  startTurn(question).title.focus({ preventScroll: true });
}

/** Asks a turn's question once more; the pressed button goes away, so the focus goes to the question. */
function retry(turn) {
  if (waiting) return;
  find(turn);
  turn.title.focus({ preventScroll: true });
}

function askAlone(turn) {
  turn.alone = true;
  retry(turn);
}

function clearTurns() {
  turns = [];
  byId("turns").replaceChildren();
  saveTurns();
}

function newConversation() {
  if (waiting) return;
  clearTurns();
  showWelcome();
  window.scrollTo(0, 0);
  (welcome.hidden ? field : byId("welcome-title")).focus();
}

// --- The form ---

function setField(text) {
  field.value = text;
  saveDraft();
  fitField();
  showRoomLeft();
}

/** The field is as tall as its text, up to the limit the style sheet sets. */
function fitField() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

function showRoomLeft() {
  const left = field.maxLength - field.value.length;
  byId("question-hint").textContent = left > 50 ? "" : left ? `还可以写 ${left} 字` : `最多 ${field.maxLength} 字`;
}

function send(suggestions) {
  const question = field.value.trim();
  if (waiting) return;
  suggestions.close();
  if (question) startTurn(question);
  else byId("question-hint").textContent = "请先写下问题";
  // On a phone, pressing the button puts the keyboard away, and the answer has room; leave it so.
  if (window.matchMedia("(pointer: fine)").matches) field.focus();
}

function prepareForm() {
  const parts = { field, list: byId("suggestions"), status: byId("suggestions-status") };
  const suggestions = attachSuggestions(parts, (question) => {
    setField(question);
    send(suggestions);
  });
  field.addEventListener("input", () => {
    saveDraft();
    fitField();
    showRoomLeft();
  });
  field.addEventListener("keydown", (event) => {
    // While an input method is composing, Enter picks a word (229 is how older Safari says so).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send(suggestions);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(suggestions);
  });
  byId("new-conversation").addEventListener("click", newConversation);
  byId("send").disabled = false;
}

function restore() {
  turns = recall("sessionStorage", "wengong.turns", []);
  try {
    for (const turn of turns) {
      appendTurn(turn);
      showAnswer(turn);
    }
  } catch {
    clearTurns(); // kept by another version of this page
  }
  setField(recall("sessionStorage", "wengong.draft", ""));
  showWelcome();
}

prepareTypeSize();
prepareFullText();
prepareForm();
restore();
fillWelcome().catch(() => {}); // the question form does not depend on it
