// The floor page: choose what you do, scan, hear the answer. Every scan is kept on the phone first and then sent.
import { sound, say } from "../layout/sound.js";
import { all, change, drain, handOver, keep, knownRack, rememberRack, sendable, tidy } from "./queue.js";
import { next, openSlots } from "./rack.js";
import { openCamera } from "./camera.js";
import { script } from "../layout/html.js";

const SOON_MS = 250;
const SELDOM_MS = 8000;
const SHOWN = 5;
const place = document.getElementById("floor");
const by = (name) => document.getElementById(`floor-${name}`);
const door = place && { action: place.dataset.action, session: place.dataset.session, handover: place.dataset.handover };
let mode = null;
let subject = "";
let without = false;
let pause = SOON_MS;
let timer = 0;

function answer(tone, word, text) {
  const box = by("answer");
  box.dataset.tone = tone;
  box.querySelector("b").textContent = word;
  box.querySelector("p").textContent = text;
  say(`${word}. ${text}`);
}

const asksSubject = () => mode.subject && !subject && !without;

function ask() {
  by("subject").textContent = without ? mode.without : subject;
  by("change").hidden = !subject && !without;
  by("ask").textContent = asksSubject() ? mode.subject : mode.item;
  by("without").hidden = !(mode.without && asksSubject());
  by("without").textContent = mode.without;
  for (const fields of place.querySelectorAll("[data-for]")) fields.hidden = fields.dataset.for !== mode.mode || Boolean(asksSubject());
  showNext();
  by("scan").focus();
}

async function showNext() {
  const box = by("next");
  const found = mode.mode === "pack" && subject ? next(await knownRack(subject)) : null;
  box.hidden = !found;
  if (found) box.textContent = found.slot ? box.dataset.slot.replace("{n}", found.slot).replace("{part}", found.part) : box.dataset.full;
}

async function lookAtRack() {
  const open = (await all()).some((entry) => entry.state === "waiting" && entry.subject === subject);
  // What waits here is not packed there yet: the plant's picture would hand out its slots a second time.
  const slots = mode?.mode === "pack" && subject && !open ? await openSlots(place.dataset.rack, subject) : undefined;
  if (slots) await rememberRack(subject, slots);
  await showNext();
}

function choose(button) {
  for (const other of place.querySelectorAll("[data-mode]")) other.setAttribute("aria-pressed", String(other === button));
  mode = { ...button.dataset };
  localStorage.setItem("milkrun-floor-mode", mode.mode);
  subject = "";
  without = false;
  ask();
}

function heard(entry, reply) {
  pause = SOON_MS;
  const words = by("answer").dataset;
  if (["done", "aside"].includes(reply.outcome)) {
    sound("right");
    answer("ok", reply.outcome === "done" ? words.done : words.told, reply.text);
  } else {
    sound("wrong");
    answer("act", words.stop, reply.text);
  }
}

function item(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function card(entry) {
  const words = by("cards").dataset;
  const made = item("li", "", "card");
  made.append(item("b", [entry.subject, entry.scan].filter(Boolean).join(" · ")), item("p", entry.text));
  for (const [state, word] of [["waiting", words.again], ["telling", words.drop]]) {
    const button = item("button", word, "btn");
    button.type = "button";
    button.addEventListener("click", async () => {
      // The plant has refused this key for what it then was; a new try is a new request.
      await change({ ...entry, state, key: crypto.randomUUID() });
      await send();
    });
    made.append(button);
  }
  return made;
}

async function show() {
  const entries = await all();
  const waiting = entries.filter((entry) => ["waiting", "telling"].includes(entry.state)).length;
  const words = by("waiting").dataset;
  by("waiting").textContent = [words.none, words.one][waiting] ?? words.many.replace("{n}", waiting);
  const conflicts = entries.filter((entry) => entry.state === "conflict");
  by("cards").hidden = !conflicts.length;
  by("cards").querySelector("ul").replaceChildren(...conflicts.map(card));
  const last = entries.slice(-SHOWN).reverse();
  by("last").replaceChildren(...last.map((entry) => {
    const line = item("li", `${entry.scan} ${entry.text}`);
    line.dataset.state = entry.state;
    return line;
  }));
}

function again() {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
  // Soon after the first loss, then ever more seldom: a whole shift without a network must not empty the battery.
  pause = Math.min(SELDOM_MS, pause * 2);
}

async function send() {
  const { why, text = "", code = "" } = await drain(door, heard);
  const words = by("answer").dataset;
  by("signin").hidden = !["signin", "refused"].includes(why) || code === "hand_over";
  by("handover").hidden = code !== "hand_over";
  if (why === "offline") answer("watch", words.saved, words.offline);
  if (code === "other_site") answer("watch", words.saved, text);
  if (why === "signin") answer("watch", words.signin, text);
  if (why === "refused") answer("act", words.refused, text);
  if (why) again();
  else await lookAtRack();
  await show();
}

async function held(entry) {
  return !sendable(await all()).some((other) => other.order === entry.order);
}

async function scanned(code) {
  if (!code || !mode) return;
  if (asksSubject()) {
    subject = code;
    ask();
    await lookAtRack();
    return;
  }
  const entry = await keep({ mode: mode.mode, subject, scan: code, user: place.dataset.user, site: place.dataset.site, ...said() });
  await showNext();
  if (await held(entry)) answer("watch", by("answer").dataset.saved, by("answer").dataset.held);
  await send();
}

/** Return what was typed beside the scan; what is true of one scan only is taken off for the next one. */
function said() {
  const fields = [...place.querySelectorAll(`[data-for="${CSS.escape(mode.mode)}"] [data-name]`)];
  const found = Object.fromEntries(fields.map((field) => [field.dataset.name, field.value.trim()]));
  for (const field of fields) if (["qty", "scrap", "lot"].includes(field.dataset.name)) field.value = field.dataset.first;
  return found;
}

async function beReady() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  await workers.register(script(place.dataset.worker), { scope: "/floor" });
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  (await workers.ready).active.postMessage([location.href.split("?")[0], ...files]);
}

function start() {
  for (const button of place.querySelectorAll("[data-mode]")) button.addEventListener("click", () => choose(button));
  by("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = by("scan").value.trim();
    by("scan").value = "";
    scanned(code);
  });
  by("change").addEventListener("click", () => {
    subject = "";
    without = false;
    ask();
  });
  by("without").addEventListener("click", () => {
    without = true;
    ask();
  });
  by("handover").addEventListener("click", async () => {
    await handOver(place.dataset.user);
    await send();
  });
  by("camera").addEventListener("click", () => openCamera(place.dataset, by, scanned, () => {
    answer("watch", by("answer").dataset.stop, by("answer").dataset.nocamera);
  }));
  const last = localStorage.getItem("milkrun-floor-mode");
  choose(place.querySelector(`[data-mode="${CSS.escape(last ?? "")}"]`) ?? place.querySelector("[data-mode]"));
  addEventListener("online", send);
  navigator.storage?.persist?.();
  beReady();
  tidy().then(send);
}

if (place) start();
