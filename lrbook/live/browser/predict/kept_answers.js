// What the reader has answered, in this browser only. Not beside the kept runs in IndexedDB, which
// answers too late: an answer is hidden or not before the page is shown.
const NAME = "lrbook-predictions";

const read = () => JSON.parse(localStorage.getItem(NAME) ?? "{}");

// What was kept of a question, or undefined.
export function keptAnswer(key) {
  try {
    return read()[key];
  } catch {
    return undefined; // a browser that keeps nothing, or something else of this name
  }
}

// Keep an answer, or with undefined forget it; return whether that worked.
export function keepAnswer(key, answer) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ ...read(), [key]: answer }));
    return true;
  } catch {
    return false;
  }
}
