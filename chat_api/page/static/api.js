// The service's HTTP API. Every failure becomes a Problem that can be shown as it is.

import { page, t } from "./page.js";
import { recall } from "./storage.js";

const TIMEOUT_MS = 15_000;
/** Where the access code is kept, until the page is closed. */
export const KEY = "wengong.key";

export class Problem extends Error {
  constructor({ title, detail, status = null, requestId = null, retryable = true }) {
    super(title);
    Object.assign(this, { title, detail, status, requestId, retryable });
  }
}

export function ask(question, history, handbook) {
  return post("/v1/ask", { question, history, ...(handbook && { handbook }) });
}

export function sendFeedback(answerId, useful, reason) {
  return post("/v1/feedback", { answer_id: answerId, useful, ...(reason && { reason }) });
}

export function get(path) {
  return request(path, {});
}

export function suggest(typed) {
  return get(`/v1/suggest?q=${encodeURIComponent(typed)}`);
}

function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const key = page.access === "code" && recall("sessionStorage", KEY, "");
  if (key) headers.Authorization = `Bearer ${key}`;
  return request(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function request(path, options) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, { ...options, signal: abort.signal });
    // Read before the timer is cleared: a body that never ends is a timeout too.
    const body = await response.text();
    if (!response.ok) throw refusal(response, parsed(body) || {});
    const answer = parsed(body);
    if (body && !answer) throw problem("garbled");
    return answer;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw problem(abort.signal.aborted ? "slow" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** The Problem for an error status. The server explains in simplified Chinese; other languages have their own words. */
function refusal(response, body) {
  const { status } = response;
  const known = [401, 404, 422, 429, 503].includes(status) ? status : 500;
  const own = page.language === "zh-Hans" && body.detail;
  const wait = Number(response.headers.get("Retry-After"));
  return problem(known, {
    detail: (own || t(`problem_${known}_detail`)) + (wait > 0 ? t("retry_after", { seconds: wait }) : ""),
    status,
    requestId: body.request_id || response.headers.get("X-Request-ID"),
    // The same request would be refused again, except where the server is busy or broken, or a code is missing.
    retryable: [401, 429].includes(status) || status >= 500,
  });
}

function problem(kind, more = {}) {
  return new Problem({ title: t(`problem_${kind}`), detail: t(`problem_${kind}_detail`), ...more });
}

/** What to show for any error: one that is no Problem comes from an answer of an unexpected shape. */
export function asProblem(error) {
  return error instanceof Problem ? error : problem("garbled");
}
