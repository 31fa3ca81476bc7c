Component({
  properties: {
    text: { type: String, value: "" },
    canRetry: { type: Boolean, value: false },
  },
  methods: {
    onRetry() {
      this.triggerEvent("retry");
    },
  },
});
