"use strict";

const assert = require("node:assert/strict");
const { beforeEach, test } = require("node:test");
const { attribute, calls, nodes, render, reset, simulate, tap, text, until } = require("./env");
const { abstained, answered, citation, clarify, problem, suggestions, token } = require("./answers");

const handbook = { id: "h1", title: "职工知识50问", edition: "2022年版", publisher: "某出版社", question_count: 50 };
const lines = [37, 38, 39].map((number) => ({
  question_number: number,
  label: `第${number}问`,
  question: `第${number}问的标题？`,
  url: `/v1/handbooks/h1/questions/${number}`,
}));
const section = {
  handbook_id: "h1",
  handbook_title: "职工知识50问",
  edition: "2022年版",
  part: "第五部分",
  question_number: 38,
  label: "第38问",
  question: "怎么提升学历？",
  paragraphs: [{ start: 0, end: 2, text: "第一段。" }, { start: 2, end: 4, text: "第二段。" }],
  errata: [],
};
/** Bodies by path; a test puts its own in front. */
const BODIES = {
  "/v1/wechat/login": token,
  "/v1/handbooks": { handbooks: [handbook] },
  "/v1/handbooks/h1": { ...handbook, starter_questions: ["农民工怎么提升学历？"] },
  "/v1/handbooks/h1/questions": { questions: lines },
  "/v1/handbooks/h1/questions/38": section,
  "/v1/handbooks/h1/questions/39": { ...section, question_number: 39, label: "第39问" },
  "/v1/ask": answered,
  "/v1/feedback": {},
  "/v1/suggest": { suggestions },
  "/v1/me": "",
};
let asked;

/** A network that answers with these bodies, or with `{ status, data }` where a body has a status. */
function network(bodies = {}) {
  const all = { ...BODIES, ...bodies };
  wx.request = ({ url, data, method, success }) => {
    const path = new URL(url).pathname;
    asked.push({ path, data, method });
    const body = all[path];
    const isProblem = body && typeof body.status === "number";
    setTimeout(() => success({ statusCode: isProblem ? body.status : 200, data: isProblem ? body.data : body }), 1);
  };
}

beforeEach(() => {
  reset();
  asked = [];
  network();
});

const open = async (name, options = {}) => {
  const page = render(`pages/${name}/${name}`);
  await page.instance.onLoad(options);
  return page;
};
const shown = (page, selector) => page.querySelectorAll(selector).map((found) => found.dom.textContent.trim());

test("the first page offers questions, chapters and no login", async () => {
  const page = await open("index");
  await until(() => page.querySelector(".starter"));
  assert.deepEqual(shown(page, ".starter"), ["农民工怎么提升学历？"]);
  await tap(page, ".handbook");
  await until(() => page.querySelectorAll(".chapter").length === 3);
  await tap(page, ".chapter");
  await tap(page, ".starter");
  await tap(page, ".about");
  assert.deepEqual(calls.navigateTo, [
    `/pages/passage/passage?url=${encodeURIComponent("/v1/handbooks/h1/questions/37")}`,
    `/pages/answer/answer?question=${encodeURIComponent("农民工怎么提升学历？")}`,
    "/pages/about/about",
  ]);
  assert.ok(asked.every(({ path }) => path !== "/v1/wechat/login"));
});

test("typing offers headings after a pause, once for many letters", async () => {
  const page = await open("index");
  for (const typed of ["学", "学历", "学历补"]) {
    page.querySelector("#search").dispatchEvent("typed", { detail: { text: typed } });
  }
  await until(() => page.querySelector(".suggestion"));
  assert.equal(asked.filter(({ path }) => path === "/v1/suggest").length, 1);
  page.querySelector("#search").dispatchEvent("typed", { detail: { text: " " } });
  await until(() => !page.querySelector(".suggestion"));
});

test("a first page without network says so, and tries again", async () => {
  network({ "/v1/handbooks": problem(503, "index_missing", "手册还没有准备好，请稍后再试。") });
  const page = await open("index");
  await until(() => page.data.problem === "手册还没有准备好，请稍后再试。");
  network();
  page.querySelector("#problem").dispatchEvent("retry");
  await until(() => page.querySelector(".starter"));
  assert.equal(page.querySelector("#problem"), undefined);
});

test("an answer shows lead, excerpt, source and the way to say whether it helped", async () => {
  const page = await open("answer", { question: encodeURIComponent("农民工 100% 怎么提升学历？") });
  assert.deepEqual(asked.at(-1).data, { question: "农民工 100% 怎么提升学历？", history: [] });
  assert.match(text(page), /手册里是这样写的/);
  assert.ok(text(page).includes(citation.excerpt));
  await tap(page, ".useful");
  await until(() => page.data.rated);
  assert.deepEqual(asked.at(-1), {
    path: "/v1/feedback",
    method: "POST",
    data: { answer_id: answered.answer_id, useful: true },
  });
  assert.equal(page.querySelector(".useful"), undefined);
});

test("a next question brings the earlier ones along", async () => {
  const page = await open("answer", { question: "甲" });
  page.querySelector("#search").dispatchEvent("search", { detail: { question: "乙" } });
  await until(() => !page.data.isBusy && page.data.question === "乙");
  page.querySelector("#search").dispatchEvent("search", { detail: { question: "丙" } });
  await until(() => !page.data.isBusy && page.data.question === "丙");
  assert.deepEqual(asked.at(-1).data, { question: "丙", history: ["甲", "乙"] });
});

test("a source leads to the whole question", async () => {
  const page = await open("answer", { question: "甲" });
  page.querySelector(".card-of-answer").dispatchEvent("open", { detail: { url: citation.url } });
  await until(() => calls.navigateTo);
  assert.deepEqual(calls.navigateTo, [`/pages/passage/passage?url=${encodeURIComponent(citation.url)}`]);
});

test("asking back offers questions to choose from", async () => {
  network({ "/v1/ask": clarify });
  const page = await open("answer", { question: "补助" });
  assert.match(text(page), /不能确定您问的是哪一问/);
  assert.match(text(page), /问问工会。/);
  network();
  await tap(page, ".suggestion");
  await until(() => page.data.question === "怎么申请补助？" && page.data.answer);
  assert.equal(page.data.answer.status, "answered");
});

test("finding nothing says so, with what is near and whom to ask, and asks for no rating", async () => {
  network({ "/v1/ask": abstained });
  const page = await open("answer", { question: "房价" });
  assert.match(text(page), /没有找到能回答这个问题的内容/);
  assert.match(text(page), /相近的问题/);
  assert.match(text(page), /问问工会。/);
  assert.equal(page.querySelector(".useful"), undefined);
});

test("who may be in need reads first whom to call", async () => {
  network({ "/v1/ask": { ...answered, urgent_contact: "请拨打 120。" } });
  const page = await open("answer", { question: "甲" });
  assert.ok(text(page).indexOf("请拨打 120。") < text(page).indexOf("手册里是这样写的"));
});

test("a refusal is told in the backend's words, and coming back asks again", async () => {
  network({ "/v1/ask": problem(422, "question_rejected", "问题含有不适宜的内容，请修改后再试。") });
  const page = await open("answer", { question: "甲" });
  assert.match(text(page), /问题含有不适宜的内容/);
  network();
  page.instance.onShow();
  await until(() => page.data.answer);
  assert.equal(page.data.problem, "");
});

test("only a question that passed the check is offered again, and it stays on the phone", async () => {
  await open("answer", { question: "甲" });
  network({ "/v1/ask": { ...answered, question_check: "review" } });
  await open("answer", { question: "乙" });
  const index = await open("index");
  await until(() => index.querySelector(".asked"));
  assert.deepEqual(shown(index, ".asked"), ["甲"]);
});

test("what is shared is the handbook's heading, never what was typed", async () => {
  const page = await open("answer", { question: "我的私事" });
  const shared = page.instance.onShareAppMessage();
  assert.equal(shared.title, "第38问 怎么提升学历？");
  assert.equal(shared.path, `/pages/passage/passage?url=${encodeURIComponent(citation.url)}`);
  network({ "/v1/ask": abstained });
  await page.instance.ask("我的私事");
  assert.deepEqual(page.instance.onShareAppMessage(), { title: "手册查询", path: "/pages/index/index" });
});

test("a question is shown whole, and its neighbours are a tap away", async () => {
  const page = await open("passage", { url: encodeURIComponent(citation.url) });
  assert.deepEqual(shown(page, ".paragraph"), ["第一段。", "第二段。"]);
  assert.deepEqual([page.data.previous, page.data.next], [lines[0].url, lines[2].url]);
  await tap(page, ".next");
  await until(() => page.data.section.question_number === 39);
  assert.equal(page.querySelector(".next"), undefined);
  assert.equal(page.instance.onShareAppMessage().title, "第39问 怎么提升学历？");
});

for (const url of ["", "https://elsewhere.example/", "/v1/wechat/logout", "/v1/handbooks/../me", "/v1/handbooks/h1"]) {
  test(`a shared card cannot open ${url || "nothing"}`, async () => {
    const page = await open("passage", { url: encodeURIComponent(url) });
    assert.equal(page.data.problem, "没有找到这条内容。");
    assert.deepEqual(asked, []);
  });
}

test("the last page says whose handbook it is, calls for help and deletes", async () => {
  const page = await open("about");
  await until(() => page.data.handbooks.length);
  assert.match(text(page), /《职工知识50问》2022年版，某出版社，共 50 问/);
  await tap(page, ".call");
  assert.deepEqual(calls.makePhoneCall, ["12351"]);
  await tap(page, ".erase");
  await until(() => page.data.erased);
  assert.deepEqual(asked.at(-1), { path: "/v1/me", method: "DELETE", data: undefined });
  wx.openPrivacyContract = undefined;
  await tap(page, ".privacy");
});

const sizes = [
  [{ fontSizeSetting: 16, fontSizeScaleFactor: 1 }, false, "16px"],
  [{ fontSizeSetting: 24, fontSizeScaleFactor: 1.5 }, false, "24px"],
  [{ fontSizeSetting: 40, fontSizeScaleFactor: 2.5 }, false, "25.6px"],
  [{ fontSizeSetting: 20 }, false, "20px"],
  [{}, false, "16px"],
  [{ fontSizeScaleFactor: 1 }, true, "22.4px"],
  [{ fontSizeScaleFactor: 1.6 }, true, "25.6px"],
];
for (const [info, isLarge, expected] of sizes) {
  test(`text is ${expected} with ${JSON.stringify(info)}${isLarge ? " and 大字版" : ""}`, async () => {
    wx.getAppBaseInfo = () => info;
    const page = await open("about");
    if (isLarge) await tap(page, ".large");
    await until(() => page.data.rootFontSize === expected);
    const meta = nodes(page.toJSON()).find((node) => attribute(node, "root-font-size"));
    assert.equal(attribute(meta, "root-font-size"), expected);
  });
}

test("大字版 is remembered and can be left", async () => {
  await tap(await open("about"), ".large");
  const page = await open("index");
  await until(() => page.data.isLarge);
  assert.match(text(page), /普通字号/);
  await tap(page, ".large");
  await until(() => page.data.rootFontSize === "16px");
});

test("a very old client, which knows no font size, is served the usual one", async () => {
  wx.getAppBaseInfo = undefined;
  const page = await open("about");
  await simulate.sleep(10);
  assert.equal(page.data.rootFontSize, "16px");
});
