// What the first screen shows: which handbooks are quoted, and what one could ask.

import { get } from "./api.js";

const STARTERS = 4;

/** The handbooks' names, and a few questions to start with: {question, question_number?}. */
export async function firstScreen() {
  const { handbooks } = await get("/v1/handbooks");
  return {
    names: handbooks.map(({ title, edition }) => `《${title}》${edition}`),
    starters: await starterQuestions(handbooks[0].id),
  };
}

async function starterQuestions(handbookId) {
  const path = `/v1/handbooks/${encodeURIComponent(handbookId)}`;
  const { starter_questions: chosen } = await get(path);
  if (chosen && chosen.length) return chosen.map((question) => ({ question }));
  const { questions } = await get(`${path}/questions`);
  // Spread over the booklet, so that the first screen shows how wide it is.
  const step = Math.max(1, Math.floor(questions.length / STARTERS));
  return questions.filter((_, index) => index % step === 0).slice(0, STARTERS);
}
