const api = require("../../utils/api");
const store = require("../../utils/store");
const fontScale = require("../../behaviors/font-scale");

const MAX_HISTORY = 10;
const LEAD = {
  answered: "手册里是这样写的：",
  clarify: "不能确定您问的是哪一问，下面的原文可能相关。",
  abstained: "手册里没有找到能回答这个问题的内容。",
};

Component({
  behaviors: [fontScale],
  // Names with a low line are kept and never rendered.
  options: { pureDataPattern: /^_/ },
  data: { question: "", isBusy: false, answer: null, lead: "", problem: "", rated: "", _history: [] },
  methods: {
    onLoad({ question = "" }) {
      return this.ask(decodeURIComponent(question));
    },
    /** Sent to the background the request is cut off; coming back, ask again. */
    onShow() {
      if (this.data.problem && !this.data.isBusy) this.onRetry();
    },
    async ask(question) {
      this.setData({ question, isBusy: true, problem: "", answer: null, rated: "" });
      try {
        const answer = await api.ask(question, this.data._history);
        const history = [...this.data._history, question].slice(-MAX_HISTORY);
        // What did not pass the check is not shown again, not even to the person.
        if (answer.question_check === "pass" || answer.question_check === null) store.remember(question);
        this.setData({ answer, lead: LEAD[answer.status], isBusy: false, _history: history });
      } catch (error) {
        this.setData({ problem: error.message, isBusy: false });
      }
    },
    onRetry() {
      return this.ask(this.data.question);
    },
    onSearch(event) {
      this.ask(event.detail.question);
    },
    onQuestion(event) {
      this.ask(event.currentTarget.dataset.question);
    },
    onOpen(event) {
      wx.navigateTo({ url: `/pages/passage/passage?url=${encodeURIComponent(event.detail.url)}` });
    },
    async onRate(event) {
      const useful = event.currentTarget.dataset.useful === true;
      try {
        await api.giveFeedback(this.data.answer.answer_id, useful);
        this.setData({ rated: useful ? "谢谢，已记下“有用”。" : "谢谢，已记下“没用”。" });
      } catch (error) {
        this.setData({ rated: error.message });
      }
    },
    /** The handbook's own heading is shared, never what the person typed. */
    onShareAppMessage() {
      const first = this.data.answer && this.data.answer.citations[0];
      if (!first) return { title: "手册查询", path: "/pages/index/index" };
      const path = `/pages/passage/passage?url=${encodeURIComponent(first.url)}`;
      return { title: `${first.label} ${first.question}`, path };
    },
  },
});
