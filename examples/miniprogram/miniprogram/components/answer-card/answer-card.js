const segments = require("../../utils/segments");

Component({
  properties: { citation: { type: Object, value: {} } },
  data: { parts: [], canCopy: true },
  observers: {
    citation(citation) {
      if (citation.excerpt) this.setData({ parts: segments(citation.excerpt, citation.highlights || []) });
    },
  },
  methods: {
    onOpen(event) {
      this.triggerEvent("open", event.detail);
    },
    /** The clipboard needs the person's consent; without it the text can still be selected by a long press. */
    onCopy() {
      const { citation } = this.data;
      wx.setClipboardData({
        data: `${citation.excerpt}\n——《${citation.handbook_title}》${citation.label}`,
        fail: () => {
          this.setData({ canCopy: false });
          wx.showToast({ title: "长按文字可以复制", icon: "none" });
        },
      });
    },
  },
});
