// The wall stands still while it is paused: nothing is asked for, the countdowns go on as they are.
const button = document.querySelector("[data-pause]");
const loads = document.getElementById("loads");
const word = button.textContent;

button.addEventListener("click", () => {
  const paused = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused ? button.dataset.goOn : word;
  if (paused) loads.dataset.paused = "yes";
  else delete loads.dataset.paused;
});
