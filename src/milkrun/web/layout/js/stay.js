// Scan forms are sent without leaving the page, so that the scan field keeps the focus and the sound can be heard.
// Without this script they work as plain forms. Scans that come while one is on its way wait in a queue.
import { parse } from "./html.js";
import { feedback, say } from "./sound.js";

const waiting = [];
let busy = false;

function focusScan() {
  document.querySelector("[data-scan]")?.focus();
}

async function send(form, values) {
  const reply = await fetch(form.action, { method: "POST", body: values });
  const page = parse(await reply.text());
  const fresh = page.getElementById("main");
  if (!fresh) throw new Error("no page");
  document.getElementById("main").replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  history.replaceState(null, "", reply.redirected ? reply.url : location.href);
  feedback(document);
  say(fresh.querySelector(".stop, .notice")?.textContent.trim() ?? "");
  return Boolean(fresh.querySelector("[data-sound=wrong]"));
}

async function work() {
  busy = true;
  while (waiting.length) {
    const code = waiting.shift();
    const form = document.querySelector("form[data-stay]");
    if (!form) break;
    if (code !== null) form.querySelector("[data-scan]").value = code;
    try {
      const wrong = await send(form, new FormData(form));
      // A wrong scan stops the flow: what was scanned after it must be scanned again.
      if (wrong) waiting.length = 0;
    } catch {
      form.submit();
      return;
    }
    focusScan();
  }
  busy = false;
}

/** Take over the forms that stay on the page. */
export function staying() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-stay]")) return;
    event.preventDefault();
    const field = form.querySelector("[data-scan]");
    waiting.push(field.value);
    if (busy) field.value = "";
    else work();
  });
  focusScan();
}
