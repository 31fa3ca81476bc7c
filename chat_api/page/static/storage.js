// What this device remembers. Storage can be switched off; the page works without.

/** `storage` is "sessionStorage" (until the page is closed) or "localStorage". */
export function remember(storage, key, value) {
  try {
    window[storage].setItem(key, JSON.stringify(value));
  } catch {
    // Private mode or a full disk: nothing is remembered.
  }
}

export function recall(storage, key, otherwise) {
  try {
    return JSON.parse(window[storage].getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
