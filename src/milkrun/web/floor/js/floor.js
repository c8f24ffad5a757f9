// The floor page: choose what you do, scan, hear the answer. Every scan is kept on the phone first and then sent.
import { sound, say } from "../layout/sound.js";
import { all, change, drain, keep, sendable, tidy } from "./queue.js";
import { openCamera } from "./camera.js";
import { script } from "../layout/html.js";

const SOON_MS = 250;
const SELDOM_MS = 8000;
const SHOWN = 5;
const place = document.getElementById("floor");
const by = (name) => document.getElementById(`floor-${name}`);
const door = place && { action: place.dataset.action, session: place.dataset.session };
let mode = null;
let subject = "";
let pause = SOON_MS;
let timer = 0;

function answer(tone, word, text) {
  const box = by("answer");
  box.dataset.tone = tone;
  box.querySelector("b").textContent = word;
  box.querySelector("p").textContent = text;
  say(`${word}. ${text}`);
}

function ask() {
  by("subject").textContent = subject;
  by("change").hidden = !subject;
  by("ask").textContent = mode.subject && !subject ? mode.subject : mode.item;
  by("counts").hidden = !mode.counts;
  by("scan").focus();
}

function choose(button) {
  for (const other of place.querySelectorAll("[data-mode]")) other.setAttribute("aria-pressed", String(other === button));
  mode = { ...button.dataset };
  localStorage.setItem("milkrun-floor-mode", mode.mode);
  subject = "";
  ask();
}

function heard(entry, reply) {
  pause = SOON_MS;
  const words = by("answer").dataset;
  if (reply.outcome === "done") {
    sound("right");
    answer("ok", words.done, reply.text);
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
  for (const [state, word] of [["waiting", words.again], ["aside", words.drop]]) {
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
  const waiting = entries.filter((entry) => entry.state === "waiting").length;
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
  const why = await drain(door, heard);
  const words = by("answer").dataset;
  by("signin").hidden = why !== "signin";
  if (why === "offline") answer("watch", words.saved, words.offline);
  if (why === "signin") answer("watch", words.signin, "");
  if (why) again();
  await show();
}

async function held(entry) {
  return !sendable(await all()).some((other) => other.order === entry.order);
}

async function scanned(code) {
  if (!code || !mode) return;
  if (mode.subject && !subject) {
    subject = code;
    ask();
    return;
  }
  const counts = mode.counts ? { qty: by("good").value, scrap: by("scrap").value, reason: by("reason").value } : {};
  const entry = await keep({ mode: mode.mode, subject, scan: code, user: place.dataset.user, ...counts });
  if (await held(entry)) answer("watch", by("answer").dataset.saved, by("answer").dataset.held);
  await send();
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
    ask();
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
