/** The one file to change: where the backend is, and who runs it. */
module.exports = {
  /** 已备案的 https 域名，不带端口，也在后台“服务器域名”的 request 合法域名里。 */
  base: "https://handbook.example.com",
  /** 用微信云托管时填 { env: "环境编号", service: "服务名" }，这时不用 base，也不用登录。 */
  cloud: null,
  /** “关于”页上显示。 */
  owner: "某某总工会",
  phone: "12351",
};
