// A hand scanner types faster than a person. A burst that ends in Enter or Tab goes to the page's scan field, or else
// to the search, wherever the focus was; what it typed into another field is taken out again.
import { sound } from "./sound.js";

export const FASTEST_PERSON_MS = 30;
export const SHORTEST_SCAN = 5;
const END = new Set(["Enter", "Tab"]);

let burst = "";
let last = 0;
let field = null;
let before = "";

function editable(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

function forget() {
  burst = "";
  field = null;
}

function remember(event) {
  const slow = event.timeStamp - last > FASTEST_PERSON_MS;
  last = event.timeStamp;
  if (slow) {
    forget();
    field = editable(event.target) ? event.target : null;
    before = field ? field.value : "";
  }
  burst += event.key;
}

function deliver(code) {
  // A stop that nobody has acknowledged yet: nothing that is scanned now counts.
  if (document.querySelector("[data-stop]")) {
    sound("wrong");
    return;
  }
  const own = document.querySelector("[data-scan]");
  if (own) {
    own.value = code;
    own.form.requestSubmit();
  } else if (document.body.dataset.search) {
    location.assign(`${document.body.dataset.search}?scan=1&q=${encodeURIComponent(code)}`);
  }
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (END.has(event.key) && burst.length >= SHORTEST_SCAN && event.timeStamp - last <= FASTEST_PERSON_MS) {
    const code = burst;
    const own = event.target.closest?.("[data-scan], [data-typed]");
    if (!own) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (field && !field.matches("[type=search]")) field.value = before;
      deliver(code);
    }
    forget();
  } else if (event.key.length === 1) {
    remember(event);
  } else if (event.key !== "Shift") {
    forget();
  }
}

/** Listen for scans on the whole page. */
export function scanner() {
  if (document.body.dataset.search) document.addEventListener("keydown", onKey, true);
}
