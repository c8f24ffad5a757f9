// Parts of a page that follow the plant: asked for again and again with the last ETag, replaced only when changed. The
// pause leaves room for the reply, so that a change is seen within two seconds.
// Chosen rows stay chosen, the focused row stays focused, and nothing moves while somebody looks elsewhere.
import { parse } from "./html.js";
import { bar } from "./list.js";

const EVERY_MS = 1000;

function keep(part) {
  const chosen = [...part.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value);
  const focused = part.contains(document.activeElement) ? document.activeElement.closest("tr[data-row]")?.dataset.row : "";
  const onBox = document.activeElement?.matches?.("input[type=checkbox]");
  return () => {
    for (const box of part.querySelectorAll("input[type=checkbox]")) if (chosen.includes(box.value)) box.checked = true;
    const row = focused && part.querySelector(`tr[data-row="${CSS.escape(focused)}"]`);
    if (row) {
      row.tabIndex = -1;
      (onBox ? row.querySelector("input[type=checkbox]") : row)?.focus({ preventScroll: true });
    }
    bar();
  };
}

async function refresh(part) {
  const headers = part.dataset.etag ? { "If-None-Match": part.dataset.etag } : {};
  const reply = await fetch(part.dataset.live, { headers, redirect: "error" });
  if (reply.status === 200) {
    const restore = keep(part);
    part.dataset.etag = reply.headers.get("ETag") ?? "";
    part.replaceChildren(...parse(await reply.text()).body.childNodes);
    restore();
  }
  part.classList.toggle("stale", !reply.ok && reply.status !== 304);
}

async function follow(part) {
  if (!document.hidden && !part.dataset.paused) {
    try {
      await refresh(part);
    } catch {
      // The next turn asks again; the page shows the last known state.
      part.classList.add("stale");
    }
  }
  if (part.isConnected) setTimeout(() => follow(part), EVERY_MS);
}

/** Start following every live part of the page. */
export function live() {
  for (const part of document.querySelectorAll("[data-live]")) setTimeout(() => follow(part), EVERY_MS);
}
