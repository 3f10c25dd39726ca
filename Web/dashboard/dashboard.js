// What every page has: the switch of colours, copying, and the way back when a session has ended.

const root = document.documentElement;

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch {}
    for (const other of document.querySelectorAll("[data-theme-switch]")) other.textContent = isDark() ? "Light" : "Dark";
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = words; }, 1500);
  });
}

/** Closes the menu on Escape and when something outside is clicked. */
const menu = document.querySelector("details.menu");
if (menu) {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
}

/** Asks the server; an ended session leads to the page for signing in, which leads back here. */
export async function ask(path, options = {}) {
  const response = await fetch(path, { headers: { Accept: "application/json", ...options.headers }, ...options });
  if (response.status === 401) {
    location.assign("/login?back=" + encodeURIComponent(location.pathname + location.search));
    return new Promise(() => {});
  }
  return response;
}
