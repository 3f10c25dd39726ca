// Loads older messages when the end of the timeline comes into view; without scripts there is a link.

import { ask } from "./dashboard.js";

const watcher = new IntersectionObserver(async ([entry]) => {
  if (!entry.isIntersecting) return;
  const link = entry.target;
  watcher.unobserve(link);
  const response = await ask(link.href, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const more = page.querySelectorAll("#messages > li");
  document.getElementById("messages").append(...more);
  const next = page.querySelector("[data-older]");
  if (next) {
    link.href = next.getAttribute("href");
    link.textContent = next.textContent;
    watcher.observe(link);
  } else {
    link.parentElement.remove();
  }
}, { rootMargin: "600px" });

for (const link of document.querySelectorAll("[data-older]")) watcher.observe(link);
