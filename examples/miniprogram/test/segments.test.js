"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const segments = require("../miniprogram/utils/segments");

const plain = (text) => ({ text, isHighlighted: false });
const marked = (text) => ({ text, isHighlighted: true });

test("offsets count code points, and nothing is lost", () => {
  const parts = segments("👷a工会👷‍♀️b", [{ start: 1, end: 2 }, { start: 3, end: 5 }]);
  assert.deepEqual(parts, [plain("👷"), marked("a"), plain("工"), marked("会👷"), plain("\u200d♀️b")]);
});

test("without highlights there is one part, and none of an empty text", () => {
  assert.deepEqual(segments("工会", []), [plain("工会")]);
  assert.deepEqual(segments("", []), []);
  assert.deepEqual(segments("工会", [{ start: 0, end: 2 }]), [marked("工会")]);
});
