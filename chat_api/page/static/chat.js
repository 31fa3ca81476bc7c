// The chat page, put together.

import { askForCode, prepareAccess } from "./access.js";
import { createComposer } from "./composer.js";
import { prepareConnection } from "./connection.js";
import { createConversation } from "./conversation.js";
import { prepareDictation } from "./dictation.js";
import { prepareEmbedding } from "./embed.js";
import { prepareFullText } from "./fulltext.js";
import { prepareHandbooks } from "./handbooks.js";
import { page } from "./page.js";
import { prepareRecent, showRecent } from "./recent.js";
import { prepareTypeSize } from "./typesize.js";

const byId = (id) => document.getElementById(id);

function prepareChat() {
  const composer = createComposer((question, { isTyped }) => {
    if (isTyped) conversation.ask(question);
    else conversation.askAside(question);
    showWelcome();
  });
  let refused = null;
  const conversation = createConversation({
    begin: composer.setBusy,
    end(turn, problem) {
      refused = problem?.status === 401 ? turn : null;
      if (refused) askForCode();
      if (!problem) composer.answered(turn.question);
    },
    edit(question) {
      composer.set(question);
      composer.focus();
    },
  });
  const recent = {
    ask(question) {
      conversation.askAside(question);
      showWelcome();
    },
    clear() {
      conversation.clear();
      composer.set("");
      showWelcome();
    },
  };

  function showWelcome() {
    const isEmpty = conversation.isEmpty();
    if (isEmpty) showRecent(recent);
    byId("welcome").hidden = !isEmpty;
    byId("new-conversation").hidden = isEmpty;
    byId("languages").hidden = !isEmpty;
  }

  byId("new-conversation").addEventListener("click", () => {
    if (conversation.isWaiting()) return;
    conversation.clear();
    byId("history-status").textContent = "";
    showWelcome();
    window.scrollTo(0, 0);
    byId("welcome-title").focus();
  });
  prepareTypeSize(composer.fit);
  prepareAccess(() => (refused ? conversation.again(refused) : composer.focus()));
  prepareDictation(composer);
  prepareHandbooks(recent.ask);
  conversation.restore();
  prepareRecent(recent);
  showWelcome();
  // On a phone, the field would raise the keyboard over the first screen.
  const hasKeyboard = window.matchMedia("(pointer: fine)").matches;
  prepareEmbedding({ ask: recent.ask, focus: hasKeyboard ? composer.focus : focusName });
}

function focusName() {
  byId("name").focus();
}

prepareFullText();
prepareConnection();
if (page.access === "wechat") {
  prepareTypeSize(() => {});
  prepareEmbedding({ ask() {}, focus: focusName });
} else {
  prepareChat();
}
document.documentElement.classList.add("scripted");
