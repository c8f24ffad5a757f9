// Rows of a list: stepping with j and k, choosing with x, and the bar that offers what all chosen rows allow.
function all() {
  return [...document.querySelectorAll("tr[data-row]")];
}

function current() {
  return document.activeElement?.closest?.("tr[data-row]");
}

export const rows = {
  step(by) {
    const list = all();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  },
  choose() {
    const box = current()?.querySelector("input[type=checkbox]");
    if (!box) return;
    box.checked = !box.checked;
    bar();
  },
  open(target) {
    if (!target.matches?.("tr[data-row]")) return false;
    target.querySelector("a[href]")?.click();
    return true;
  },
};

/** Show the bar with the actions that every chosen row allows. */
export function bar() {
  const place = document.querySelector("[data-bulk]");
  if (!place) return;
  const chosen = all().filter((row) => row.querySelector("input[type=checkbox]:checked"));
  place.hidden = chosen.length === 0;
  place.querySelector("[data-count]").textContent = chosen.length;
  const allowed = chosen.map((row) => row.dataset.allows.split(" "));
  let offered = 0;
  for (const part of place.querySelectorAll("[data-action]")) {
    part.hidden = !allowed.every((actions) => actions.includes(part.dataset.action));
    if (part.tagName === "BUTTON" && !part.hidden) offered += 1;
  }
  place.querySelector("[data-nothing]").hidden = offered > 0;
}

/** Follow the choice of rows. */
export function lists() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      for (const box of document.querySelectorAll("tr[data-row] input[type=checkbox]")) box.checked = event.target.checked;
    }
    if (event.target.matches("input[type=checkbox]")) bar();
  });
  bar();
}
