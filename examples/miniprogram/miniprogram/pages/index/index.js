const api = require("../../utils/api");
const store = require("../../utils/store");
const fontScale = require("../../behaviors/font-scale");

/** Typing fast must not send a request a letter. */
const PAUSE_MS = 250;

Component({
  behaviors: [fontScale],
  // Names with a low line are kept and never rendered.
  options: { pureDataPattern: /^_/ },
  data: { starters: [], suggestions: [], asked: [], handbooks: [], chapters: [], problem: "", _typed: "" },
  methods: {
    onLoad() {
      this.setData({ asked: store.asked() });
      return this.loadHandbooks();
    },
    onShow() {
      this.setData({ asked: store.asked() });
    },
    async loadHandbooks() {
      this.setData({ problem: "" });
      try {
        const { handbooks } = await api.handbooks();
        const whole = await Promise.all(handbooks.slice(0, 3).map(({ id }) => api.handbook(id)));
        this.setData({ handbooks, starters: whole.flatMap((handbook) => handbook.starter_questions).slice(0, 6) });
      } catch (error) {
        this.setData({ problem: error.message });
      }
    },
    onTyped(event) {
      const { text } = event.detail;
      this.setData({ _typed: text });
      if (!text.trim()) {
        this.setData({ suggestions: [] });
        return;
      }
      setTimeout(() => {
        if (this.data._typed === text) this.loadSuggestions(text);
      }, PAUSE_MS);
    },
    async loadSuggestions(text) {
      try {
        const { suggestions } = await api.suggest(text);
        this.setData({ suggestions });
      } catch (error) {
        this.setData({ suggestions: [] }); // help while typing is not worth a message
      }
    },
    onSearch(event) {
      this.openAnswer(event.detail.question);
    },
    onQuestion(event) {
      this.openAnswer(event.currentTarget.dataset.question);
    },
    async onChapters(event) {
      const { id } = event.currentTarget.dataset;
      try {
        const { questions } = await api.questions(id);
        this.setData({ chapters: questions });
      } catch (error) {
        this.setData({ problem: error.message });
      }
    },
    onPassage(event) {
      wx.navigateTo({ url: `/pages/passage/passage?url=${encodeURIComponent(event.currentTarget.dataset.url)}` });
    },
    onAbout() {
      wx.navigateTo({ url: "/pages/about/about" });
    },
    openAnswer(question) {
      wx.navigateTo({ url: `/pages/answer/answer?question=${encodeURIComponent(question)}` });
    },
    onShareAppMessage() {
      return { title: "手册查询", path: "/pages/index/index" };
    },
  },
});
