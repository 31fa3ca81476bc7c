const api = require("../../utils/api");
const fontScale = require("../../behaviors/font-scale");

/** A shared card brings its path from outside: only addresses of handbooks are opened. */
const HANDBOOK_PATH = /^\/v1\/handbooks\/[\w.-]+\/(questions\/\d+|sections\/[\w.-]+)$/;
const NO_SUCH = "没有找到这条内容。";

Component({
  behaviors: [fontScale],
  // Names with a low line are kept and never rendered.
  options: { pureDataPattern: /^_/ },
  data: { section: null, problem: "", previous: "", next: "", _url: "" },
  methods: {
    onLoad({ url = "" }) {
      return this.open(decodeURIComponent(url));
    },
    async open(url) {
      this.setData({ problem: "", _url: url });
      if (!HANDBOOK_PATH.test(url)) {
        this.setData({ problem: NO_SUCH, section: null });
        return;
      }
      try {
        const section = await api.section(url);
        const { questions } = await api.questions(section.handbook_id);
        const place = questions.findIndex(({ question_number: number }) => number === section.question_number);
        const previous = place > 0 ? questions[place - 1].url : "";
        const next = place >= 0 && place + 1 < questions.length ? questions[place + 1].url : "";
        this.setData({ section, previous, next });
      } catch (error) {
        this.setData({ problem: error.message });
      }
    },
    onRetry() {
      return this.open(this.data._url);
    },
    onTurn(event) {
      return this.open(event.currentTarget.dataset.url);
    },
    onShareAppMessage() {
      const { section } = this.data;
      const title = section ? `${section.label} ${section.question}` : "手册查询";
      return { title, path: `/pages/passage/passage?url=${encodeURIComponent(this.data._url)}` };
    },
  },
});
