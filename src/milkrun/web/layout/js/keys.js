// Single keys for people who keep their hands on the keyboard. They can be switched off on the help page.
// The first characters of a scan look like single keys, so keys wait a moment: what goes on as a scan is left alone.
import { FASTEST_PERSON_MS, SHORTEST_SCAN } from "./scan.js";
import { rows } from "./list.js";

const GO_MS = 1200;
let going = -GO_MS;
let pending = "";
let timer = 0;

/** Tell whether single keys are switched on. */
export function keysOn() {
  return localStorage.getItem("milkrun-keys") !== "off";
}

function typing(element) {
  return element.closest?.("input:not([type=checkbox]), textarea, select, dialog");
}

function go(key) {
  document.querySelector(`.rail a[data-go="${CSS.escape(key)}"]`)?.click();
}

function stage(key) {
  document.querySelector(`a[data-stage="${CSS.escape(key)}"]`)?.click();
}

function find() {
  const field = document.getElementById("find");
  field?.focus();
  field?.select();
}

const once = {
  "/": find,
  "?": () => document.getElementById("keys")?.showModal(),
  j: () => rows.step(1),
  k: () => rows.step(-1),
  x: () => rows.choose(),
};

function press(key) {
  if (performance.now() - going < GO_MS && /^[a-z]$/.test(key)) {
    going = -GO_MS;
    go(key);
  } else if (key === "g") {
    going = performance.now();
  } else if (/^[0-8]$/.test(key)) {
    stage(key);
  } else {
    (once[key] ?? pageKey)(key);
  }
}

// A page's own key presses the button that names it, as long as it is there to be pressed.
function pageKey(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button?.checkVisibility()) button.click();
}

function settle() {
  if (pending.length < SHORTEST_SCAN) [...pending].forEach(press);
  pending = "";
}

function escape(target) {
  document.querySelectorAll("details.menu[open], .bottom details[open]").forEach((open) => (open.open = false));
  if (typing(target)) target.blur();
}

function onKey(event) {
  if (event.key === "Escape") return escape(event.target);
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || !keysOn()) return;
  if (event.key === "Enter") {
    clearTimeout(timer);
    settle();
    if (rows.open(document.activeElement)) event.preventDefault();
  } else if (event.key.length === 1) {
    if (event.key === "/") event.preventDefault();
    pending += event.key;
    clearTimeout(timer);
    timer = setTimeout(settle, FASTEST_PERSON_MS + 15);
  }
}

/** Listen for single keys. */
export function keys() {
  document.addEventListener("keydown", onKey);
}
