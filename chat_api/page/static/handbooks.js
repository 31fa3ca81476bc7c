// Which handbook is asked: the one of the address, the one that was picked, or all of them.

import { get } from "./api.js";
import { suggestionButtons } from "./cards.js";
import { page } from "./page.js";

const STARTERS = 4;
const picker = document.getElementById("handbook");

/** The id of the handbook to ask, or null for all. */
export function chosenHandbook() {
  return page.handbook || (picker && picker.value) || null;
}

/** Questions to start with follow the picked handbook. */
export function prepareHandbooks(onAsk) {
  if (!picker) return;
  const list = document.getElementById("starters");
  const first = [...list.children];
  picker.addEventListener("change", async () => {
    const id = picker.value;
    try {
      const nodes = id ? suggestionButtons(await starterQuestions(id), onAsk) : first;
      if (picker.value === id) list.replaceChildren(...nodes);
    } catch {
      list.replaceChildren(); // nothing to start with is no loss: questions can be typed
    }
  });
}

async function starterQuestions(id) {
  const path = `/v1/handbooks/${encodeURIComponent(id)}`;
  const { starter_questions: chosen } = await get(path);
  if (chosen.length) return chosen.slice(0, STARTERS).map((question) => ({ question }));
  const { questions } = await get(`${path}/questions`);
  // Spread over the booklet, so that the first screen shows how wide it is.
  const step = Math.max(1, Math.floor(questions.length / STARTERS));
  return questions.filter((_, index) => index % step === 0).slice(0, STARTERS);
}
