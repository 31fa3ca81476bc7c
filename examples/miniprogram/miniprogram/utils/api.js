/** Calls to the backend: one login for all that wait, one more after a 401, and errors that can be shown as they are. */
const config = require("./config");
const store = require("./store");

const TIMEOUT_MS = 10000;
/** A token is renewed a little before it ends. */
const RENEWED_BEFORE_END_MS = 60 * 1000;
const OFFLINE = "网络连接不上，请检查网络后再试。";
const SLOW = "等了太久没有回应，请稍后再试。";
const TROUBLE = "服务暂时不能回答，请稍后再试。";

/** @typedef {{ code: string, message: string, status: number }} Failure */

/** @type {Promise<string> | null} */
let loggingIn = null;

/**
 * @param {string} code
 * @param {string} message
 * @param {number} status
 * @returns {Failure}
 */
function failure(code, message, status) {
  return { code, message, status };
}

/**
 * Send one request, and give its body; every status arrives at `success`, so it is looked at here.
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {any} [body]
 * @param {string} [token]
 * @returns {Promise<any>}
 */
function send(method, path, body, token) {
  return new Promise((resolve, reject) => {
    const header = { "content-type": "application/json" };
    if (token) header.Authorization = `Bearer ${token}`;
    const success = ({ statusCode, data }) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (data && typeof data === "string") reject(failure("bad_answer", TROUBLE, statusCode));
        else resolve(data);
        return;
      }
      const problem = data && typeof data === "object" ? data : {};
      reject(failure(problem.code || "http_error", problem.detail || TROUBLE, statusCode));
    };
    const fail = ({ errMsg = "" }) => {
      const isSlow = errMsg.includes("timeout");
      reject(failure(isSlow ? "timeout" : "offline", isSlow ? SLOW : OFFLINE, 0));
    };
    if (config.cloud) {
      const { env, service } = config.cloud;
      wx.cloud.callContainer({
        config: { env },
        path,
        method,
        header: { ...header, "X-WX-SERVICE": service },
        data: body,
        timeout: TIMEOUT_MS,
        success,
        fail,
      });
      return;
    }
    wx.request({ url: config.base + path, method, data: body, header, timeout: TIMEOUT_MS, success, fail });
  });
}

/**
 * Exchange a code of WeChat's for a token; all who ask at the same time get the same one.
 * @returns {Promise<string>}
 */
function logIn() {
  if (!loggingIn) {
    loggingIn = new Promise((resolve, reject) => {
      wx.login({
        success: ({ code }) => resolve(code),
        fail: () => reject(failure("login_failed", "微信登录没有成功，请稍后再试。", 0)),
      });
    })
      .then((code) => send("POST", "/v1/wechat/login", { code }))
      .then(({ token, expires_in: seconds }) => {
        store.saveToken(token, Date.now() + seconds * 1000 - RENEWED_BEFORE_END_MS);
        return token;
      })
      .finally(() => {
        loggingIn = null;
      });
  }
  return loggingIn;
}

/**
 * Send a request in the name of the person; after a 401 log in again and try once more, no oftener.
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {any} [body]
 * @returns {Promise<any>}
 */
async function sendAsPerson(method, path, body) {
  if (config.cloud) return send(method, path, body);
  const token = store.token() || (await logIn());
  try {
    return await send(method, path, body, token);
  } catch (error) {
    if (error.status !== 401) throw error;
    // Another request may have logged in meanwhile.
    if (store.token() === token) store.dropToken();
    return send(method, path, body, store.token() || (await logIn()));
  }
}

module.exports = {
  /**
   * @param {string} question
   * @param {string[]} [history]
   */
  ask: (question, history = []) => sendAsPerson("POST", "/v1/ask", { question, history }),
  /**
   * @param {string} answerId
   * @param {boolean} useful
   */
  giveFeedback: (answerId, useful) => sendAsPerson("POST", "/v1/feedback", { answer_id: answerId, useful }),
  /** @param {string} typed */
  suggest: (typed) => send("GET", `/v1/suggest?q=${encodeURIComponent(typed)}`),
  handbooks: () => send("GET", "/v1/handbooks"),
  /** @param {string} id */
  handbook: (id) => send("GET", `/v1/handbooks/${encodeURIComponent(id)}`),
  /** @param {string} id */
  questions: (id) => send("GET", `/v1/handbooks/${encodeURIComponent(id)}/questions`),
  /** @param {string} path the `url` of a citation */
  section: (path) => send("GET", path),
  eraseMe: () => sendAsPerson("DELETE", "/v1/me").then(() => store.clear()),
};
