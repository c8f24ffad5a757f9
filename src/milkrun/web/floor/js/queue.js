// The scans of this phone, kept in its database until the plant has answered each of them.
// An entry: key (made here, the request key there), order, mode, subject, scan, what was typed beside it, slot (the one
// that was next in the rack), user, site, at, state, text. States: "waiting", "done", "conflict", "telling" (set aside, the
// plant does not know it yet), "aside" (the plant keeps it for a planner). What is settled stays for a while, to be seen.
import { taken } from "./rack.js";

const NAME = "milkrun-floor";
const STORE = "scans";
const RACKS = "racks";
const KEPT = 200;
const FIELDS = ["key", "mode", "subject", "scan", "qty", "scrap", "reason", "slot", "from", "lot", "note", "user", "site"];

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const ask = indexedDB.open(NAME, 2);
    ask.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) ask.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
      ask.result.createObjectStore(RACKS, { keyPath: "subject" });
    };
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
  return opened;
}

async function within(mode, work, name = STORE) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const step = base.transaction(name, mode, { durability: "strict" });
    const ask = work(step.objectStore(name));
    step.oncomplete = () => resolve(ask?.result);
    step.onerror = step.onabort = () => reject(step.error);
  });
}

/** Keep a scan; it is on the phone's disk when this returns. At a rack it takes the slot that is next, in one step. */
export async function keep(entry) {
  const kept = { ...entry, key: crypto.randomUUID(), at: Date.now(), state: "waiting", text: "" };
  if (entry.mode !== "pack") {
    kept.order = await within("readwrite", (store) => store.add(kept));
    return kept;
  }
  const base = await database();
  await new Promise((resolve, reject) => {
    const step = base.transaction([STORE, RACKS], "readwrite", { durability: "strict" });
    const racks = step.objectStore(RACKS);
    const known = racks.get(entry.subject);
    known.onsuccess = () => {
      const { slot, slots } = taken(known.result?.slots, entry.scan);
      kept.slot = slot;
      if (slots) racks.put({ subject: entry.subject, slots });
      const added = step.objectStore(STORE).add(kept);
      added.onsuccess = () => { kept.order = added.result; };
    };
    step.oncomplete = resolve;
    step.onerror = step.onabort = () => reject(step.error);
  });
  return kept;
}

/** Remember the open slots of a rack as the plant tells them. */
export function rememberRack(subject, slots) {
  return within("readwrite", (store) => store.put({ subject, slots }), RACKS);
}

/** Return the open slots of a rack as this phone knows them; undefined where it knows nothing. */
export async function knownRack(subject) {
  return (await within("readonly", (store) => store.get(subject), RACKS))?.slots;
}

/** Write an entry back. */
export function change(entry) {
  return within("readwrite", (store) => store.put(entry));
}

/** List all entries, oldest first. */
export function all() {
  return within("readonly", (store) => store.getAll());
}

/** Forget the oldest entries that need nothing any more. */
export async function tidy() {
  const settled = (await all()).filter((entry) => ["done", "aside"].includes(entry.state));
  for (const entry of settled.slice(0, -KEPT)) await within("readwrite", (store) => store.delete(entry.order));
}

function stopped(entries, entry) {
  const earlier = (other) => other.state === "conflict" && other.order < entry.order;
  const same = (other) => entry.subject && other.mode === entry.mode && other.subject === entry.subject;
  return entries.some((other) => earlier(other) && same(other));
}

/** Tell which entries may be sent: what is set aside, and what waits and is not behind a conflict about the same thing. */
export function sendable(entries) {
  const free = (entry) => entry.state === "telling" || (entry.state === "waiting" && !stopped(entries, entry));
  return entries.filter(free);
}

async function post(door, csrf, entry) {
  const told = entry.state === "telling";
  const names = told ? [...FIELDS, "code", "text"] : FIELDS;
  // How long ago, not when: a phone whose clock is wrong still knows how much time went by.
  const age = String(Math.max(0, Date.now() - entry.at));
  const body = JSON.stringify({ ...Object.fromEntries(names.map((name) => [name, entry[name] ?? ""])), age });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  const reply = await fetch(told ? door.handover : door.action, { method: "POST", headers, body, signal: AbortSignal.timeout(15_000) });
  return reply.json();
}

async function secret(door) {
  const reply = await fetch(door.session, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  return reply.json();
}

async function replay(door, report) {
  let known;
  // What was scanned at another site than the one looked at now waits and holds nothing else up.
  const elsewhere = new Map();
  for (;;) {
    const next = sendable(await all()).find((entry) => !elsewhere.has(entry.site));
    if (!next) return [...elsewhere.values()][0] ?? { why: "" };
    known ??= await secret(door);
    if (!known.csrf) return { why: known.outcome, text: known.text };
    const answer = await post(door, known.csrf, next);
    const stop = { why: answer.outcome, text: answer.text, code: answer.code };
    if (answer.code === "other_site") {
      elsewhere.set(next.site, stop);
      continue;
    }
    if (["signin", "refused", "later"].includes(answer.outcome)) return stop;
    await change({ ...next, state: answer.outcome, text: answer.text, code: answer.code });
    report(next, answer);
  }
}

/** Set aside all that waits of other people than `user`: the next sending hands it over to the planners. */
export async function handOver(user) {
  for (const entry of await all()) {
    const left = ["waiting", "conflict"].includes(entry.state) && entry.user !== user;
    // What waits may have been booked, its answer lost: by its own key the plant knows. A refused key is used up.
    const key = entry.state === "waiting" ? entry.key : crypto.randomUUID();
    if (left) await change({ ...entry, state: "telling", key });
  }
}

/** Send what waits, in order, from one tab at a time; returns `why` it stopped ("" when nothing waits) and what was said. */
export function drain(door, report) {
  return navigator.locks.request("milkrun-floor", { ifAvailable: true }, async (lock) => {
    if (!lock) return { why: "busy" };
    try {
      return await replay(door, report);
    } catch {
      return { why: "offline" };
    }
  });
}
