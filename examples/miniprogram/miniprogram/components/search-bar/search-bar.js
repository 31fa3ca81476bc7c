const MAX_CHARACTERS = 200;

Component({
  properties: {
    placeholder: { type: String, value: "输入想查的事，例如：农民工怎么提升学历" },
    busy: { type: Boolean, value: false },
  },
  data: { typed: "", maxCharacters: MAX_CHARACTERS },
  methods: {
    onInput(event) {
      this.setData({ typed: event.detail.value });
      this.triggerEvent("typed", { text: event.detail.value });
    },
    onSearch() {
      const question = this.data.typed.trim();
      if (!question || this.data.busy) return;
      this.triggerEvent("search", { question });
    },
    clear() {
      this.setData({ typed: "" });
    },
  },
});
