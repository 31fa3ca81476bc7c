// Dictating a question, where the browser can listen. What it hears lands in the field, to be read before it is sent.

import { t } from "./page.js";

const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
const toggle = document.getElementById("dictate");

export function prepareDictation(composer) {
  if (!Recognition || !toggle) return;
  let listening = null;
  toggle.hidden = false;
  toggle.addEventListener("click", () => (listening ? listening.stop() : listen()));

  function listen() {
    const recognition = new Recognition();
    Object.assign(recognition, { lang: "zh-CN", interimResults: true, continuous: false });
    let problem = "";
    recognition.addEventListener("result", (event) => {
      composer.set(Array.from(event.results, ([best]) => best.transcript).join(""));
    });
    recognition.addEventListener("error", ({ error }) => {
      if (error === "aborted") return;
      problem = t(["not-allowed", "service-not-allowed"].includes(error) ? "microphone_refused" : "not_understood");
    });
    recognition.addEventListener("end", () => {
      listening = null;
      show(false);
      composer.say(problem);
    });
    listening = recognition;
    show(true);
    recognition.start();
  }

  function show(on) {
    toggle.setAttribute("aria-pressed", String(on));
    toggle.setAttribute("aria-label", t(on ? "stop_dictating" : "dictate"));
    if (on) composer.say(t("listening"));
  }
}
