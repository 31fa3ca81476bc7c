// What the server said of this page: its language and words, the handbook, how one may ask.

/** {words, language, handbook, isEmbedded, access: "open" | "code" | "wechat", origins}. */
export const page = JSON.parse(document.getElementById("page-data").textContent);

/** The words of a key in the page's language, `{name}` in them replaced by a value. */
export function t(key, values = {}) {
  return page.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
