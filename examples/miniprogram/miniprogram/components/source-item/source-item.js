Component({
  properties: { citation: { type: Object, value: {} } },
  data: { line: "" },
  observers: {
    citation(citation) {
      const parts = [`《${citation.handbook_title}》${citation.edition || ""}`, citation.part, citation.label];
      this.setData({ line: parts.filter(Boolean).join(" · ") });
    },
  },
  methods: {
    onOpen() {
      this.triggerEvent("open", { url: this.data.citation.url });
    },
  },
});
