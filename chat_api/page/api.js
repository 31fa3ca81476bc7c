// The service's HTTP API. Every failure becomes a Problem that can be shown as it is.

const TIMEOUT_MS = 8000;

export class Problem extends Error {
  constructor({ title, detail, requestId = null, retryable = true }) {
    super(title);
    Object.assign(this, { title, detail, requestId, retryable });
  }
}

export function ask(question, history) {
  return post("/v1/ask", { question, history });
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
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
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
    if (body && !answer) throw garbled();
    return answer;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw abort.signal.aborted ? tooSlow() : disconnected();
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

/** The Problem for an error status: the server's own words where it sent some. */
function refusal(response, body) {
  const { status } = response;
  const fallback = FALLBACKS[status] || FALLBACKS[500];
  const wait = Number(response.headers.get("Retry-After"));
  return new Problem({
    title: body.title || fallback.title,
    detail: (body.detail || fallback.detail) + (wait > 0 ? `（约 ${wait} 秒后可以再试）` : ""),
    requestId: body.request_id || response.headers.get("X-Request-ID"),
    // The same request would be refused again, except where the server is busy or broken.
    retryable: status === 429 || status >= 500,
  });
}

const FALLBACKS = {
  404: { title: "没有找到这条内容", detail: "手册可能已经更新，请重新提问。" },
  422: { title: "这个问题没法查找", detail: "请输入 1 到 500 个字的问题。" },
  429: { title: "问得太快了", detail: "请稍等一会儿再试。" },
  500: { title: "服务出了问题", detail: "请稍后再试。" },
  503: { title: "服务正在准备", detail: "请稍后再试。" },
};

function tooSlow() {
  return new Problem({ title: "等了很久没有回应", detail: "网络可能较慢，您的问题还在，可以重试。" });
}

function disconnected() {
  return new Problem({ title: "网络没有连上", detail: "请检查网络，您的问题还在，可以重试。" });
}

/** What to show for any error: one that is no Problem comes from an answer of an unexpected shape. */
export function asProblem(error) {
  return error instanceof Problem ? error : garbled();
}

function garbled() {
  return new Problem({ title: "收到的内容不完整", detail: "您的问题还在，可以重试。" });
}
