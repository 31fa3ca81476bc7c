/** Asks for consent where WeChat wants it; older clients do not know the question, and refusing keeps searching possible. */
Component({
  data: { isOpen: false, contractName: "《用户隐私保护指引》" },
  lifetimes: {
    attached() {
      if (!wx.getPrivacySetting) return;
      wx.getPrivacySetting({
        success: ({ needAuthorization, privacyContractName }) => {
          if (needAuthorization) this.setData({ isOpen: true, contractName: privacyContractName });
        },
      });
    },
  },
  methods: {
    onRead() {
      wx.openPrivacyContract({});
    },
    onAgree() {
      this.setData({ isOpen: false });
    },
    onRefuse() {
      this.setData({ isOpen: false });
    },
  },
});
