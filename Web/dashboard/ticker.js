// Shows on the start page what comes in, a line each.

import { make } from "./elements.js";

const list = document.getElementById("ticker");
const most = 6;

if (list) {
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
  const source = new EventSource("/v1/arrivals?after=" + list.dataset.last);
  let waiting = [];
  const show = () => {
    document.getElementById("ticker-none")?.remove();
    for (const { what, who, received } of waiting) {
      list.prepend(make("li", {}, make("span", {}, what), " ", make("span", { className: "soft" }, who), " ",
        make("time", { dateTime: received }, time.format(new Date(received)))));
    }
    waiting = [];
    while (list.children.length > most) list.lastElementChild.remove();
  };
  source.addEventListener("arrival", (event) => {
    if (waiting.length === 0) requestAnimationFrame(show);
    waiting.push(JSON.parse(event.data));
    waiting = waiting.slice(-most);
  });
  addEventListener("pagehide", () => source.close());
}
