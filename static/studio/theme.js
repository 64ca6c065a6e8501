// The theme: what the device says, or what was chosen here. Runs before the first paint, so nothing flashes.
(() => {
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];
  const known = (name) => (order.includes(name) ? name : "auto");
  const read = () => {
    try { return known(localStorage.getItem("theme")); } catch { return "auto"; }
  };
  const show = (name) => {
    if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.setAttribute("aria-label", `Theme: ${name}. Change it`);
      button.title = `Theme: ${name}`;
      button.dataset.shows = name;
    }
  };
  show(read());
  root.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => show(read()));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const next = order[(order.indexOf(read()) + 1) % order.length];
    try { localStorage.setItem("theme", next); } catch { /* kept for this page only */ }
    show(next);
  });
})();
