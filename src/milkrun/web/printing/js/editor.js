// The editor of a label template: the preview follows what is typed, fields change places, come and go.
const WAIT_MS = 250;
const form = document.querySelector("form[data-editor]");
const list = form.querySelector("ol.fields");
const picture = form.querySelector("[data-preview]");
const wrong = form.querySelector("[data-wrong]");
let timer = 0;
let asked = 0;

function address(blob) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
}

async function draw() {
  const number = (asked += 1);
  const reply = await fetch(form.dataset.editor, { method: "POST", body: new FormData(form) });
  if (number !== asked) return;
  if (reply.ok) {
    wrong.textContent = reply.headers.get("X-Findings") ?? "";
    picture.src = await address(await reply.blob());
    picture.hidden = false;
  } else {
    wrong.textContent = reply.status === 422 ? await reply.text() : "";
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(draw, WAIT_MS);
}

function step(row, way) {
  const other = way === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (other) way === "up" ? other.before(row) : other.after(row);
}

form.addEventListener("input", soon);
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (!button) return;
  const row = button.closest("li");
  if ("up" in button.dataset) step(row, "up");
  if ("down" in button.dataset) step(row, "down");
  if ("remove" in button.dataset && list.children.length > 1) row.remove();
  if ("add" in button.dataset) {
    const fresh = list.lastElementChild.cloneNode(true);
    list.append(fresh);
    fresh.querySelector("[name=kind]").focus();
  } else {
    button.focus();
  }
  soon();
});
draw();
