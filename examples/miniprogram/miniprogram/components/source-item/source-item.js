Component({
  properties: { citation: { type: Object, value: {} } },
  data: { line: "" },
  observers: {
    citation(citation) {
      const book = `《${citation.handbook_title}》${citation.edition || ""}`;
      const parts = [book, citation.part, citation.label, citation.page && `第${citation.page}页起`];
      this.setData({ line: parts.filter(Boolean).join(" · ") });
    },
  },
  methods: {
    onOpen() {
      this.triggerEvent("open", { url: this.data.citation.url });
    },
  },
});
