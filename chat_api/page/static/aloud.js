// Reading excerpts aloud with the voice of the phone, where it has one. One excerpt at a time.

import { button } from "./dom.js";
import { t } from "./page.js";

const voice = window.speechSynthesis;
let stopCurrent = () => {};

/** The button that reads a text and stops reading it; none where the browser cannot. */
export function aloudButton(text) {
  if (!voice || !window.SpeechSynthesisUtterance) return [];
  const node = button(t("read_aloud"), "quiet-button", () => (isReading() ? stop() : start()));
  const isReading = () => node.getAttribute("aria-pressed") === "true";
  node.setAttribute("aria-pressed", "false");

  function show(reading) {
    node.setAttribute("aria-pressed", String(reading));
    node.textContent = t(reading ? "stop_reading" : "read_aloud");
  }
  function stop() {
    stopCurrent = () => {};
    show(false);
    voice.cancel();
  }
  function start() {
    stopCurrent();
    show(true);
    stopCurrent = stop;
    const spoken = sentences(text).map(utterance);
    spoken[spoken.length - 1].addEventListener("end", () => isReading() && stop());
    spoken.forEach((one) => {
      one.addEventListener("error", () => isReading() && stop());
      voice.speak(one);
    });
  }
  return [node];
}

export function stopReading() {
  stopCurrent();
}

/** Sentence by sentence: browsers fall silent in the middle of long texts. */
function sentences(text) {
  return text.match(/[^。！？；\n]+[。！？；\n]*/g) || [text];
}

function utterance(text) {
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = "zh-CN";
  spoken.rate = 0.9;
  return spoken;
}

window.addEventListener("pagehide", stopReading);
