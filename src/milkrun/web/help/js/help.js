// The scanner test and the switch for single keys.
const field = document.getElementById("scanner-test");
const answer = document.getElementById("scanner-answer");
let times = [];

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === "Tab") {
    if (times.length < 2) return;
    event.preventDefault();
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    const slowest = Math.round(Math.max(...gaps));
    const text = slowest <= 30 ? answer.dataset.scan : answer.dataset.person;
    answer.textContent = text.replace("{code}", field.value).replace("{n}", times.length).replace("{ms}", slowest);
    field.value = "";
    times = [];
  } else if (event.key.length === 1) {
    if (!field.value) times = [];
    times.push(event.timeStamp);
  }
});

const box = document.getElementById("single-keys");
box.checked = localStorage.getItem("milkrun-keys") !== "off";
box.addEventListener("change", () => localStorage.setItem("milkrun-keys", box.checked ? "on" : "off"));
