// Single keys for people who keep their hands on the keyboard. They can be switched off on the help page.
import { scanning } from "./scan.js";
import { rows } from "./list.js";

const WAIT_MS = 1200;
let going = 0;

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

function onKey(event) {
  if (event.key === "Escape") {
    document.querySelectorAll("details.menu[open], .bottom details[open]").forEach((open) => (open.open = false));
    if (typing(event.target)) event.target.blur();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || !keysOn() || scanning(event)) return;
  if (event.key === "Enter") {
    if (rows.open(event.target)) event.preventDefault();
  } else if (performance.now() - going < WAIT_MS && /^[a-z]$/.test(event.key)) {
    going = 0;
    go(event.key);
  } else if (event.key === "g") {
    going = performance.now();
  } else if (/^[0-8]$/.test(event.key)) {
    stage(event.key);
  } else if (once[event.key]) {
    event.preventDefault();
    once[event.key]();
  }
}

/** Listen for single keys. */
export function keys() {
  document.addEventListener("keydown", onKey);
}
