"use strict";

const assert = require("node:assert/strict");
const { beforeEach, test } = require("node:test");
const { attribute, calls, nodes, render, reset, simulate, tap, text, until } = require("./env");
const { citation } = require("./answers");

/** What a component told its parent, by event. */
function heard(component, ...names) {
  const events = [];
  for (const name of names) component.addEventListener(name, (event) => events.push([name, event.detail]));
  return events;
}

beforeEach(() => reset());

test("a search is sent trimmed, by button or by the keyboard's own", async () => {
  const bar = render("components/search-bar/search-bar");
  const events = heard(bar, "search", "typed");
  bar.querySelector(".box").dispatchEvent("input", { detail: { value: "  怎么入会 " } });
  await until(() => bar.data.typed);
  await tap(bar, ".go");
  bar.querySelector(".box").dispatchEvent("confirm");
  await until(() => events.length === 3);
  assert.deepEqual(events, [
    ["typed", { text: "  怎么入会 " }],
    ["search", { question: "怎么入会" }],
    ["search", { question: "怎么入会" }],
  ]);
});

test("neither an empty search nor one while busy is sent", async () => {
  for (const [typed, busy] of [["   ", false], ["怎么入会", true]]) {
    const bar = render("components/search-bar/search-bar", { busy });
    const events = heard(bar, "search");
    bar.querySelector(".box").dispatchEvent("input", { detail: { value: typed } });
    await until(() => bar.data.typed);
    bar.querySelector(".box").dispatchEvent("confirm");
    await simulate.sleep(20);
    assert.deepEqual(events, []);
  }
});

test("an answer shows the excerpt whole, its highlights, misprints and source", () => {
  const card = render("components/answer-card/answer-card", { citation });
  assert.equal(card.querySelector(".excerpt").dom.textContent, citation.excerpt);
  assert.deepEqual(card.querySelectorAll(".mark").map((part) => part.dom.textContent), ["凭", "申请"]);
  assert.match(text(card), /第38问 怎么提升学历？/);
  assert.match(text(card), /原书印作“融人”，疑为“融入”。/);
  assert.match(text(card), /出处：《职工知识50问》2022年版 · 第五部分 农民工 · 第38问/);
});

test("every word of the excerpt can be selected", () => {
  const card = render("components/answer-card/answer-card", { citation });
  const texts = nodes(card.toJSON()).filter((node) => /^(excerpt|mark|plain)$/.test(attribute(node, "class")));
  assert.equal(texts.length, 6);
  for (const node of texts) assert.equal(attribute(node, "user-select"), true);
});

test("a tap on the source, by finger, opens the whole question", async () => {
  const card = render("components/answer-card/answer-card", { citation });
  const events = heard(card, "open");
  const source = card.dom.querySelector("[class$='--source']");
  const touch = new Touch({ identifier: 1, target: source, pageX: 5, pageY: 5, clientX: 5, clientY: 5 });
  for (const [kind, touches] of [["touchstart", [touch]], ["touchend", []]]) {
    source.dispatchEvent(new TouchEvent(kind, { touches, changedTouches: [touch], bubbles: true, cancelable: true }));
  }
  await until(() => events.length);
  assert.deepEqual(events[0], ["open", { url: citation.url }]);
});

test("copying takes the excerpt with its source", async () => {
  const card = render("components/answer-card/answer-card", { citation });
  await tap(card, ".copy");
  await until(() => calls.setClipboardData);
  assert.deepEqual(calls.setClipboardData, [`${citation.excerpt}\n——《职工知识50问》第38问`]);
});

for (const errno of [104, 112]) {
  test(`a clipboard that WeChat refuses (${errno}) leaves the long press`, async () => {
    wx.setClipboardData = ({ fail }) => fail({ errno, errMsg: "setClipboardData:fail" });
    const card = render("components/answer-card/answer-card", { citation });
    await tap(card, ".copy");
    await until(() => !card.querySelector(".copy"));
    assert.deepEqual(calls.showToast, ["长按文字可以复制"]);
  });
}

test("a source leaves out what there is not", () => {
  const item = render("components/source-item/source-item", { citation: { ...citation, part: null, edition: "" } });
  assert.equal(item.data.line, "《职工知识50问》 · 第38问");
  const row = nodes(item.toJSON()).find((node) => attribute(node, "aria-role") === "button");
  assert.equal(attribute(row, "aria-label"), "出处：《职工知识50问》 · 第38问，看全文");
});

test("a source names the page, and says when its edition no longer counts", () => {
  const item = render("components/source-item/source-item", { citation: { ...citation, page: 12, outdated: true } });
  assert.equal(item.data.line, "《职工知识50问》2022年版 · 第五部分 农民工 · 第38问 · 第12页起");
  assert.match(item.querySelector(".outdated").dom.textContent, /这一版已失效/);
  const row = nodes(item.toJSON()).find((node) => attribute(node, "aria-role") === "button");
  assert.match(attribute(row, "aria-label"), /，这一版已失效，看全文$/);
  assert.equal(render("components/source-item/source-item", { citation }).querySelector(".outdated"), undefined);
});

test("trouble is said, and tried again only where that helps", async () => {
  const empty = render("components/empty-state/empty-state", { text: "网络连接不上。", canRetry: true });
  const events = heard(empty, "retry");
  assert.equal(empty.querySelector(".text").dom.textContent, "网络连接不上。");
  await tap(empty, ".retry");
  await until(() => events.length === 1);
  assert.equal(render("components/empty-state/empty-state", { text: "没有。" }).querySelector(".retry"), undefined);
});

test("consent is asked for where WeChat wants it, and refusing closes it as well", async () => {
  for (const [button, event] of [["#agree", "agreeprivacyauthorization"], [".refuse", "tap"]]) {
    wx.getPrivacySetting = ({ success }) => success({ needAuthorization: true, privacyContractName: "《某指引》" });
    const consent = render("components/privacy-consent/privacy-consent");
    await until(() => consent.data.isOpen);
    assert.match(text(consent), /阅读《某指引》/);
    await tap(consent, ".link");
    assert.deepEqual(calls.openPrivacyContract, [true]);
    consent.querySelector(button).dispatchEvent(event);
    await until(() => !consent.data.isOpen);
    assert.equal(consent.querySelector(".panel"), undefined);
    reset();
  }
});

test("an old client, or one that has agreed, is not asked", async (context) => {
  // A component that throws is reported here, and goes on without what it was to do.
  const reported = context.mock.method(console, "error", () => {});
  const old = render("components/privacy-consent/privacy-consent");
  assert.equal(reported.mock.callCount(), 0);
  wx.getPrivacySetting = ({ success }) => success({ needAuthorization: false });
  const agreed = render("components/privacy-consent/privacy-consent");
  await simulate.sleep(20);
  assert.deepEqual([old.data.isOpen, agreed.data.isOpen], [false, false]);
});
