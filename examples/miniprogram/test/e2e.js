/**
 * The whole chain, page to fake WeChat: `node --test test/e2e.js` beside a running backend and fake.
 * Their addresses are in WENGONG_E2E_BASE and WENGONG_E2E_FAKE; tests/integration/test_miniprogram.py starts both.
 */
"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { calls, config, render, request, reset, tap, text, until } = require("./env");
const store = require("../miniprogram/utils/store");

const BASE = process.env.WENGONG_E2E_BASE;
const FAKE = process.env.WENGONG_E2E_FAKE;

async function fake(name, body = {}) {
  const response = await fetch(`${FAKE}/_fake/${name}`, { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

/** What WeChat does on a phone: the code comes from the platform. */
const login = ({ success }) => fake("code", { openid: "o_worker_on_a_phone" }).then(success);

async function open(name, options = {}) {
  const page = render(`pages/${name}/${name}`);
  await page.instance.onLoad(options);
  return page;
}

before(() => {
  assert.ok(BASE && FAKE, "WENGONG_E2E_BASE and WENGONG_E2E_FAKE say where to go");
  reset({ request, login });
  config.base = BASE;
});

test("a worker opens the mini-program, asks, reads the whole question and says that it helped", async () => {
  const index = await open("index");
  await until(() => index.querySelector(".starter"));
  await tap(index, ".starter");
  const question = new URLSearchParams(calls.navigateTo[0].split("?")[1]).get("question");
  const answer = await open("answer", { question: encodeURIComponent(question) });
  assert.equal(answer.data.problem, "");
  assert.equal(answer.data.answer.question_check, "pass");
  const [first] = answer.data.answer.citations;
  assert.ok(text(answer).includes(first.excerpt.replace(/\s+/g, " ").trim()));
  const passage = await open("passage", { url: encodeURIComponent(first.url) });
  assert.equal(passage.data.section.label, first.label);
  assert.ok(passage.data.section.text.includes(first.excerpt));
  await tap(answer, ".useful");
  await until(() => answer.data.rated);
  assert.match(answer.data.rated, /有用/);
});

test("one login served all of it, and the platform checked each question", async () => {
  const { paths } = await fake("calls");
  assert.deepEqual(paths, ["/sns/jscode2session", "/cgi-bin/stable_token", "/wxa/msg_sec_check"]);
});

test("a risky question is refused in words", async () => {
  const page = await open("answer", { question: encodeURIComponent("违禁示例怎么办") });
  assert.equal(page.data.problem, "问题含有不适宜的内容，请修改后再试。");
  assert.ok(!store.asked().includes("违禁示例怎么办"));
});

test("after two hours away the person is logged in again without noticing", async () => {
  await fake("advance", { seconds: 7300 });
  const page = await open("answer", { question: encodeURIComponent("第38问") });
  assert.equal(page.data.problem, "");
  assert.equal(page.data.answer.citations[0].question_number, 38);
  const { paths } = await fake("calls");
  assert.equal(paths.filter((path) => path === "/sns/jscode2session").length, 2);
});

test("while WeChat is down an answer still comes", async () => {
  await fake("fail", { path: "/wxa/msg_sec_check", errcode: -1 });
  const page = await open("answer", { question: encodeURIComponent("第38问") });
  assert.equal(page.data.answer.question_check, "unchecked");
});

test("deleting one's data ends the session everywhere", async () => {
  const token = store.token();
  const about = await open("about");
  await tap(about, ".erase");
  await until(() => about.data.erased);
  assert.match(about.data.erased, /已经删除/);
  const response = await fetch(`${BASE}/v1/ask`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ question: "第38问" }),
  });
  assert.equal(response.status, 401);
});
