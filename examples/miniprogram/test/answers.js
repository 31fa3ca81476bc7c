/** Bodies as the backend gives them. */
"use strict";

const citation = {
  handbook_id: "h1",
  handbook_title: "职工知识50问",
  edition: "2022年版",
  part: "第五部分 农民工",
  question_number: 38,
  label: "第38问",
  question: "怎么提升学历？",
  excerpt: "👷凭入学通知书申请补助。",
  start: 0,
  end: 12,
  highlights: [{ start: 1, end: 2 }, { start: 7, end: 9 }],
  passage_id: "p_1",
  errata: [{ start: 0, end: 1, printed: "融人", corrected: "融入" }],
  url: "/v1/handbooks/h1/questions/38",
  page: null,
  outdated: false,
  effective_from: "",
  effective_to: "",
};
const answered = {
  answer_id: "a_0123456789abcdef",
  status: "answered",
  answer_probability: 0.98,
  understood_as: null,
  citations: [citation],
  suggestions: [],
  contact: null,
  index_version: "v1",
  took_ms: 3.1,
  urgent_contact: null,
  text: null,
  question_check: "pass",
};
const near = { question_number: 39, question: "怎么申请补助？", label: "第39问" };
const suggestions = [{ handbook_id: "h1", ...near, url: "/v1/handbooks/h1/questions/39" }];
const clarify = { ...answered, status: "clarify", suggestions, contact: "问问工会。" };
const abstained = { ...clarify, status: "abstained", citations: [] };
const token = { token: "token-1", token_type: "Bearer", expires_in: 7200 };
const problem = (status, code, detail) => ({ status, data: { status, code, detail, title: "x", type: "y" } });

module.exports = { abstained, answered, citation, clarify, problem, suggestions, token };
