const api = require("../../utils/api");
const config = require("../../utils/config");
const fontScale = require("../../behaviors/font-scale");

Component({
  behaviors: [fontScale],
  data: { handbooks: [], owner: config.owner, phone: config.phone, problem: "", erased: "" },
  methods: {
    async onLoad() {
      this.setData({ problem: "" });
      try {
        const { handbooks } = await api.handbooks();
        this.setData({ handbooks });
      } catch (error) {
        this.setData({ problem: error.message });
      }
    },
    onCall() {
      wx.makePhoneCall({ phoneNumber: this.data.phone });
    },
    onPrivacy() {
      if (wx.openPrivacyContract) wx.openPrivacyContract({});
    },
    async onErase() {
      try {
        await api.eraseMe();
        this.setData({ erased: "已经删除：登录记录和这台手机上查过的内容。" });
      } catch (error) {
        this.setData({ erased: error.message });
      }
    },
  },
});
