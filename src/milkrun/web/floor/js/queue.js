// The scans of this phone, kept in its database until the plant has answered each of them.
// An entry: key (made here, the request key there), order, mode, subject, scan, qty, scrap, reason, user, at, state
// ("waiting", "done", "conflict", "aside"), text. Entries that are done or set aside stay for a while, to be seen.
const NAME = "milkrun-floor";
const STORE = "scans";
const KEPT = 200;
const FIELDS = ["key", "mode", "subject", "scan", "qty", "scrap", "reason", "user"];

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const ask = indexedDB.open(NAME, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
  return opened;
}

async function within(mode, work) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const step = base.transaction(STORE, mode, { durability: "strict" });
    const ask = work(step.objectStore(STORE));
    step.oncomplete = () => resolve(ask?.result);
    step.onerror = step.onabort = () => reject(step.error);
  });
}

/** Keep a scan; it is on the phone's disk when this returns. */
export async function keep(entry) {
  const kept = { ...entry, key: crypto.randomUUID(), at: Date.now(), state: "waiting", text: "" };
  kept.order = await within("readwrite", (store) => store.add(kept));
  return kept;
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

/** Tell which waiting entries may be sent: not those behind a conflict about the same thing. */
export function sendable(entries) {
  return entries.filter((entry) => entry.state === "waiting" && !stopped(entries, entry));
}

async function post(door, csrf, entry) {
  const body = JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, entry[name] ?? ""])));
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  const reply = await fetch(door.action, { method: "POST", headers, body, signal: AbortSignal.timeout(15_000) });
  return reply.json();
}

async function secret(door) {
  const reply = await fetch(door.session, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  return reply.ok ? (await reply.json()).csrf : "";
}

async function replay(door, report) {
  let csrf = "";
  for (;;) {
    const next = sendable(await all())[0];
    if (!next) return "";
    csrf ||= await secret(door);
    if (!csrf) return "signin";
    const answer = await post(door, csrf, next);
    if (answer.outcome === "signin") return "signin";
    if (answer.outcome === "later") return "later";
    await change({ ...next, state: answer.outcome, text: answer.text, code: answer.code });
    report(next, answer);
  }
}

/** Send what waits, in order, from one tab at a time; returns "" when nothing waits, else why it stopped. */
export function drain(door, report) {
  return navigator.locks.request("milkrun-floor", { ifAvailable: true }, async (lock) => {
    if (!lock) return "busy";
    try {
      return await replay(door, report);
    } catch {
      return "offline";
    }
  });
}
