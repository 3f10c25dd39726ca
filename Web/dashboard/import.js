// Drops a file into the form of /data/import, sends it with a bar, and shows how far an import is.

import { ask } from "./dashboard.js";

const form = document.getElementById("drop");
if (form) {
  const input = document.getElementById("file");
  const wrong = document.getElementById("file-problem");
  const most = Number(form.dataset.most);

  function refuse(text) {
    wrong.textContent = text;
    wrong.hidden = false;
    input.setAttribute("aria-invalid", "true");
    document.getElementById("upload").hidden = true;
    form.querySelector("button").disabled = false;
    input.focus();
  }

  function send(file) {
    if (!file) return refuse("Choose a file first, or drop one here.");
    if (file.size === 0) return refuse(`“${file.name}” is empty. Export it again, and send what comes.`);
    if (file.size > most) {
      return refuse(`“${file.name}” is larger than ${Math.floor(most / 2 ** 20).toLocaleString("en")} MiB. Compress it with gzip, send it in`
        + " pieces, or import it on the machine itself with “shoal import”.");
    }
    const words = document.getElementById("upload-words");
    const bar = document.getElementById("upload-bar");
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    wrong.hidden = true;
    input.removeAttribute("aria-invalid");
    form.querySelector("button").disabled = true;
    document.getElementById("upload").hidden = false;
    words.textContent = `Sending “${file.name}”.`;
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.upload.addEventListener("load", () => { words.textContent = "It is being looked at."; });
    request.addEventListener("load", () => {
      if (request.status < 400) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      refuse((page.getElementById("file-wrong") ?? page.querySelector("main p"))?.textContent || "It was not taken; load the page again.");
    });
    request.addEventListener("error", () => refuse("The connection broke. Nothing of the file was kept; send it again."));
    request.open("POST", form.action);
    request.send(body);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(input.files[0]);
  });
  for (const name of ["dragenter", "dragover"]) {
    addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length > 1) return refuse("One file at a time, please.");
    send(event.dataTransfer.files[0]);
  });
}

const running = document.getElementById("running");
if (running) {
  const number = new Intl.NumberFormat("en");
  const show = (id, text) => { document.getElementById(id).textContent = text; };

  async function look() {
    let state;
    try {
      const response = await ask(`/v1/imports/${running.dataset.id}`);
      if (response.status >= 500) throw new Error();
      state = await response.json();
    } catch {
      show("words", "The connection broke; trying again.");
      return setTimeout(look, 2000);
    }
    const progress = state.progress;
    if (!progress) return location.reload();
    document.getElementById("share").value = progress.share;
    show("percent", `${(100 * progress.share).toFixed(1)} %`);
    show("rows", number.format(progress.rows));
    show("rejected", number.format(progress.rejected));
    const words = document.getElementById("words");
    if (words.textContent !== progress.words) words.textContent = progress.words;
    setTimeout(look, 500);
  }
  look();
}
