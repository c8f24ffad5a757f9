// Countdowns: time left, the word and the shape change without asking the server.
const WATCH_S = 3600;

function text(seconds) {
  const sign = seconds < 0 ? "-" : "";
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const days = Math.floor(minutes / 1440);
  const two = (number) => String(number).padStart(2, "0");
  if (days) return `${sign}${days} d ${two(Math.floor((minutes % 1440) / 60))} h`;
  return `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
}

/** Bring every countdown below an element up to now. */
export function tick(root = document) {
  for (const due of root.querySelectorAll("[data-due]")) {
    const left = Math.trunc((Date.parse(due.dataset.due) - Date.now()) / 1000);
    const tone = left < 0 ? "act" : left < WATCH_S ? "watch" : "ok";
    due.dataset.tone = tone;
    due.querySelector("[data-left]").textContent = text(left);
    const word = due.querySelector("[data-word]");
    word.textContent = word.dataset[tone];
  }
}

/** Keep countdowns running. */
export function countdowns() {
  if (!document.querySelector("[data-due], [data-live]")) return;
  setInterval(tick, 10_000);
}
