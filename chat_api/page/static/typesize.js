// 大字版: remembered on this device.

import { recall, remember } from "./storage.js";

const PLACE = "wengong.large";
const toggle = document.getElementById("large-type");

/** `onChange()` is called when sizes have changed. */
export function prepareTypeSize(onChange) {
  const apply = (large) => {
    document.documentElement.classList.toggle("large-type", large);
    toggle.setAttribute("aria-pressed", String(large));
    onChange();
  };
  apply(recall("localStorage", PLACE, false));
  toggle.addEventListener("click", () => {
    const large = toggle.getAttribute("aria-pressed") !== "true";
    apply(large);
    remember("localStorage", PLACE, large);
  });
}
