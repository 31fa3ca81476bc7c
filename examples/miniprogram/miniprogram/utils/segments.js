/**
 * Cut a text at its highlights. Offsets count code points, a string's own count UTF-16 units.
 * @param {string} text
 * @param {{ start: number, end: number }[]} highlights in order, not overlapping
 * @returns {{ text: string, isHighlighted: boolean }[]}
 */
module.exports = function segments(text, highlights) {
  const characters = Array.from(text);
  const parts = [];
  let at = 0;
  const add = (end, isHighlighted) => {
    if (end > at) parts.push({ text: characters.slice(at, end).join(""), isHighlighted });
    at = end;
  };
  for (const { start, end } of highlights) {
    add(start, false);
    add(end, true);
  }
  add(characters.length, false);
  return parts;
};
