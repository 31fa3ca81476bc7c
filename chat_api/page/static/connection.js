// Says when the network is gone, and when it is back.

import { t } from "./page.js";

const SHOWN_MS = 4000;
const line = document.getElementById("connection");

export function prepareConnection() {
  let timer = 0;
  const say = (key) => {
    clearTimeout(timer);
    line.hidden = false;
    line.textContent = t(key);
  };
  window.addEventListener("offline", () => say("offline"));
  window.addEventListener("online", () => {
    say("online_again");
    timer = setTimeout(() => (line.hidden = true), SHOWN_MS);
  });
  if (!navigator.onLine) say("offline");
}
