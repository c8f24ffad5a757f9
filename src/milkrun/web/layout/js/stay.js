// Scan forms are sent without leaving the page, so that the scan field keeps the focus and the sound can be heard.
// Without this script they work as plain forms. Scans that come while one is on its way wait in a queue, and what is
// half typed when the answer arrives goes on in the fresh field.
import { parse } from "./html.js";
import { feedback, say } from "./sound.js";

const waiting = [];
let busy = false;

function scanField() {
  return document.querySelector("form[data-stay] [data-scan]");
}

function show(page, address) {
  const fresh = page.getElementById("main");
  if (!fresh) throw new Error("no page");
  const halfTyped = scanField()?.value ?? "";
  document.getElementById("main").replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  if (address) history.replaceState(null, "", address);
  const wrong = Boolean(fresh.querySelector("[data-sound=wrong]"));
  const field = scanField();
  if (field && halfTyped && !wrong) field.value = halfTyped;
  field?.focus();
  feedback(document);
  say(fresh.querySelector(".stop, .notice")?.textContent.trim() ?? "");
  return wrong;
}

async function send(code) {
  const field = scanField();
  if (!field) return true;
  const halfTyped = field.value;
  field.value = code;
  const values = new FormData(field.form);
  field.value = halfTyped;
  const reply = await fetch(field.form.action, { method: "POST", body: values });
  return show(parse(await reply.text()), reply.redirected ? reply.url : "");
}

function plainly(code) {
  const field = scanField();
  field.value = code;
  field.form.submit();
}

async function work() {
  busy = true;
  while (waiting.length) {
    const code = waiting.shift();
    try {
      // A wrong scan stops the flow: what was scanned after it must be scanned again.
      if (await send(code)) waiting.length = 0;
    } catch {
      plainly(code);
      return;
    }
  }
  busy = false;
}

/** Take over the forms that stay on the page. */
export function staying() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-stay]")) return;
    event.preventDefault();
    const field = event.target.querySelector("[data-scan]");
    waiting.push(field.value);
    field.value = "";
    if (!busy) work();
  });
  // What stands above the field on a small screen stays in sight.
  scanField()?.focus({ preventScroll: true });
}
