// Shows messages as they come in.

import { make } from "./elements.js";

const body = document.getElementById("arrivals");
const state = document.getElementById("state");
const pause = document.getElementById("pause");
const most = 200;
const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
let waiting = [];
let isPaused = false;

function row(arrival) {
  const head = make("th", {}, arrival.what, make("span", { className: "under" }, arrival.detail));
  head.scope = "row";
  return make("tr", {}, head, make("td", {}, arrival.who), make("td", {}, arrival.source),
    make("td", {}, time.format(new Date(arrival.received))),
    make("td", {}, make("span", { className: "tag " + arrival.tone }, arrival.verdict)));
}

function show() {
  body.prepend(...waiting.reverse().map(row));
  waiting = [];
  while (body.rows.length > most) body.lastElementChild.remove();
}

const source = new EventSource("/v1/arrivals?after=" + body.dataset.last);
source.addEventListener("open", () => { state.textContent = "Watching. New messages stand on top."; });
source.addEventListener("error", () => { state.textContent = "The connection broke; trying again."; });
source.addEventListener("arrival", (event) => {
  waiting.push(JSON.parse(event.data));
  waiting = waiting.slice(-most);
  if (!isPaused) requestAnimationFrame(show);
});
pause.hidden = false;
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? "Go on" : "Pause";
  if (!isPaused) show();
});
