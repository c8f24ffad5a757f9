// Files dropped anywhere on the form are files chosen in it; what is chosen is shown by name and size.
for (const form of document.querySelectorAll(".dropzone")) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector(".chosen");

  const show = () => {
    const lines = [...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} (${Math.max(1, Math.round(file.size / 1024)).toLocaleString(document.documentElement.lang)} kB)`;
      return line;
    });
    list.replaceChildren(...lines);
  };
  input.addEventListener("change", show);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
}
