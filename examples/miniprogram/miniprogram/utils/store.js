/** What the phone keeps: a token, whether the large view is on, and what was asked last. */
const TOKEN = "token";
const LARGE = "large";
const ASKED = "asked";
const MAX_ASKED = 5;

/** @param {string} key */
function read(key) {
  try {
    return wx.getStorageSync(key);
  } catch (error) {
    return "";
  }
}

/**
 * @param {string} key
 * @param {any} value
 */
function write(key, value) {
  try {
    wx.setStorageSync(key, value);
  } catch (error) {
    // Storage is full: the program works without.
  }
}

module.exports = {
  token() {
    const kept = read(TOKEN);
    return kept && kept.goodUntil > Date.now() ? kept.token : "";
  },
  /**
   * @param {string} token
   * @param {number} goodUntil
   */
  saveToken: (token, goodUntil) => write(TOKEN, { token, goodUntil }),
  dropToken: () => write(TOKEN, ""),
  isLarge: () => read(LARGE) === true,
  /** @param {boolean} isLarge */
  setLarge: (isLarge) => write(LARGE, isLarge),
  /** @returns {string[]} */
  asked: () => read(ASKED) || [],
  /** @param {string} question */
  remember(question) {
    const others = module.exports.asked().filter((other) => other !== question);
    write(ASKED, [question, ...others].slice(0, MAX_ASKED));
  },
  clear() {
    for (const key of [TOKEN, ASKED]) write(key, "");
  },
};
