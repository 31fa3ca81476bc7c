"use strict";

const assert = require("node:assert/strict");
const { afterEach, beforeEach, test } = require("node:test");
const { calls, config, request, reset, serve } = require("./env");
const { answered, problem, token } = require("./answers");
const api = require("../miniprogram/utils/api");
const store = require("../miniprogram/utils/store");

let server;

async function backend(answer) {
  server = await serve(answer);
  config.base = server.address;
  return server.seen;
}

/** A backend whose tokens are numbered, and good only while `isGood` says so. */
function withLogin(isGood, answer = () => ({ data: answered })) {
  let given = 0;
  return (call, seen) => {
    if (call.path === "/v1/wechat/login") return { data: { ...token, token: `token-${(given += 1)}` } };
    const isKnown = isGood((call.headers.authorization || "").replace("Bearer ", ""));
    return isKnown ? answer(call, seen) : problem(401, "token_invalid", "登录已过期，请重新打开小程序。");
  };
}

const paths = (seen) => seen.map((call) => call.path);

beforeEach(() => reset({ request }));
afterEach(async () => {
  if (server) await server.close();
  server = null;
});

test("five calls at once log in once", async () => {
  const seen = await backend(withLogin(() => true));
  const all = await Promise.all(Array.from({ length: 5 }, (_, number) => api.ask(`第${number}问`)));
  assert.equal(all.length, 5);
  assert.equal(paths(seen).filter((path) => path === "/v1/wechat/login").length, 1);
  assert.deepEqual([...new Set(seen.slice(1).map((call) => call.headers.authorization))], ["Bearer token-1"]);
});

test("a question is sent with its history, as JSON", async () => {
  const seen = await backend(withLogin(() => true));
  assert.equal((await api.ask("还有呢", ["怎么提升学历"])).status, "answered");
  assert.deepEqual(seen[1].body, { question: "还有呢", history: ["怎么提升学历"] });
  assert.equal(seen[1].headers["content-type"], "application/json");
});

test("a token is kept for the next time, and not beyond its end", async () => {
  const seen = await backend(withLogin(() => true));
  await api.ask("甲");
  await api.ask("乙");
  assert.deepEqual(paths(seen), ["/v1/wechat/login", "/v1/ask", "/v1/ask"]);
  store.saveToken("token-1", Date.now() - 1);
  await api.ask("丙");
  assert.deepEqual(paths(seen).slice(3), ["/v1/wechat/login", "/v1/ask"]);
});

test("after a 401 it logs in again and asks once more", async () => {
  const seen = await backend(withLogin((given) => given !== "old"));
  store.saveToken("old", Date.now() + 10000);
  assert.equal((await api.ask("甲")).status, "answered");
  assert.deepEqual(paths(seen), ["/v1/ask", "/v1/wechat/login", "/v1/ask"]);
});

test("five calls with a dead token log in again once", async () => {
  const seen = await backend(withLogin((given) => given !== "old"));
  store.saveToken("old", Date.now() + 10000);
  await Promise.all(Array.from({ length: 5 }, () => api.ask("甲")));
  assert.equal(paths(seen).filter((path) => path === "/v1/wechat/login").length, 1);
});

test("a second 401 is the end of it", async () => {
  const seen = await backend(withLogin(() => false));
  await assert.rejects(api.ask("甲"), { status: 401, message: "登录已过期，请重新打开小程序。" });
  assert.deepEqual(paths(seen), ["/v1/wechat/login", "/v1/ask", "/v1/wechat/login", "/v1/ask"]);
});

test("a failed login is told, and the next try logs in anew", async () => {
  let isUp = false;
  const seen = await backend(
    withLogin(() => true, () => ({ data: answered })),
  );
  const works = wx.login;
  wx.login = (given) => (isUp ? works(given) : given.fail({ errMsg: "login:fail" }));
  await assert.rejects(api.ask("甲"), { code: "login_failed" });
  isUp = true;
  assert.equal((await api.ask("甲")).status, "answered");
  assert.equal(seen.length, 2);
});

for (const [status, code, detail] of [
  [429, "rate_limited", "操作太频繁，请稍后再试。"],
  [503, "wechat_unavailable", "微信服务繁忙，请稍后再试。"],
  [422, "question_rejected", "问题含有不适宜的内容，请修改后再试。"],
  [403, "wechat_user_blocked", "该微信账号暂时无法使用本服务。"],
]) {
  test(`a ${status} is told in the backend's words and not tried again`, async () => {
    const seen = await backend(withLogin(() => true, () => problem(status, code, detail)));
    await assert.rejects(api.ask("甲"), { status, code, message: detail });
    assert.equal(paths(seen).filter((path) => path === "/v1/ask").length, 1);
  });
}

test("what is no JSON is told in plain words, whatever its status", async () => {
  for (const status of [200, 502]) {
    await backend(withLogin(() => true, () => ({ status, raw: "<html>Bad Gateway</html>" })));
    await assert.rejects(api.ask("甲"), { status, message: "服务暂时不能回答，请稍后再试。" });
    await server.close();
    store.clear();
  }
  server = null;
});

test("no network, a dropped connection and a slow one are told apart", async () => {
  config.base = "http://127.0.0.1:9";
  await assert.rejects(api.handbooks(), { code: "offline", message: "网络连接不上，请检查网络后再试。" });
  await backend(() => ({ drop: true }));
  await assert.rejects(api.handbooks(), { code: "offline" });
  wx.request = (given) => request({ ...given, timeout: 50 });
  await server.close();
  await backend(() => new Promise((resolve) => setTimeout(() => resolve({ data: {} }), 300)));
  await assert.rejects(api.handbooks(), { code: "timeout", message: "等了太久没有回应，请稍后再试。" });
});

test("public pages send no token", async () => {
  const seen = await backend(() => ({ data: { handbooks: [] } }));
  await api.handbooks();
  await api.suggest("学历 & 补助");
  assert.deepEqual(seen.map((call) => call.headers.authorization), [undefined, undefined]);
  assert.equal(seen[1].path, `/v1/suggest?q=${encodeURIComponent("学历 & 补助")}`);
});

test("every request has a limit of ten seconds", async () => {
  const limits = [];
  wx.request = ({ timeout, success }) => {
    limits.push(timeout);
    success({ statusCode: 200, data: {} });
  };
  await api.handbooks();
  assert.deepEqual(limits, [10000]);
});

test("erasing deletes at the backend and on the phone", async () => {
  const seen = await backend(withLogin(() => true, () => ({ status: 204 })));
  store.remember("怎么提升学历");
  store.setLarge(true);
  await api.eraseMe();
  assert.deepEqual([seen[1].method, seen[1].path], ["DELETE", "/v1/me"]);
  assert.deepEqual([store.token(), store.asked(), store.isLarge()], ["", [], true]);
});

test("in WeChat's own cloud there is neither an address nor a login", async () => {
  config.cloud = { env: "prod-1", service: "wengong" };
  wx.cloud = {
    callContainer: (given) => {
      (calls.container = calls.container || []).push(given);
      given.success({ statusCode: 200, data: answered });
    },
  };
  wx.login = () => assert.fail("nobody logs in");
  assert.equal((await api.ask("甲")).status, "answered");
  const [{ path, method, header, config: cloud }] = calls.container;
  assert.deepEqual([path, method, header["X-WX-SERVICE"], cloud.env], ["/v1/ask", "POST", "wengong", "prod-1"]);
  assert.equal(header.Authorization, undefined);
});

test("a phone whose storage is full still works", async () => {
  await backend(withLogin(() => true));
  wx.setStorageSync = () => {
    throw new Error("full");
  };
  assert.equal((await api.ask("甲")).status, "answered");
  assert.equal(store.token(), "");
});
