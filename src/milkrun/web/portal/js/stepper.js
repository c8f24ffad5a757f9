// The quantity of a call goes up and down by a tap; what is no whole number is left to be typed.
const field = document.getElementById("qty");

/** Change the typed quantity by one step, never below one. */
function step(by) {
  const now = Number(field.value.trim());
  if (!Number.isFinite(now)) return;
  field.value = String(Math.max(1, Math.round(now) + by));
}

for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => step(Number(button.dataset.step)));
}
