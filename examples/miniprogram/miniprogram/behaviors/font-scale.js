/** Text follows the font size chosen in WeChat; 大字版 is larger still. */
const store = require("../utils/store");

const BASE_PX = 16;
const LARGE_SCALE = 1.4;
/** Beyond this a line holds too few words; the layout is tried up to here. */
const MAX_SCALE = 1.6;

function rootFontSize() {
  const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : {};
  const chosen = info.fontSizeScaleFactor || (info.fontSizeSetting ? info.fontSizeSetting / BASE_PX : 1);
  const scale = Math.max(chosen, store.isLarge() ? LARGE_SCALE : 0);
  return `${Math.round(BASE_PX * Math.min(scale, MAX_SCALE) * 10) / 10}px`;
}

module.exports = Behavior({
  data: { rootFontSize: `${BASE_PX}px`, isLarge: false },
  lifetimes: {
    attached() {
      this.refreshFontScale();
    },
  },
  pageLifetimes: {
    show() {
      this.refreshFontScale();
    },
  },
  methods: {
    refreshFontScale() {
      this.setData({ rootFontSize: rootFontSize(), isLarge: store.isLarge() });
    },
    toggleLarge() {
      store.setLarge(!store.isLarge());
      this.refreshFontScale();
    },
  },
});
