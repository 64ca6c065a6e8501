// What every page shares: toasts, a guard before what cannot be undone, buttons that send once, copying.
(() => {
  const SECONDS = 6;
  const toasts = () => document.getElementById("toasts");

  const shown = (text) => [...toasts().children].find((item) => item.firstChild?.textContent === text);

  // The same again is told once: a page that polls a server that is away must not pile up.
  function toast(text, kind = "") {
    if (shown(text)) return;
    const item = document.createElement("p"), close = document.createElement("button");
    item.className = `toast ${kind}`;
    close.type = "button";
    close.dataset.close = "";
    close.setAttribute("aria-label", "Close");
    close.textContent = "\u00d7";
    item.append(text, close);
    toasts().append(item);
    fade(item);
  }
  function fade(item) {
    if (item.classList.contains("error")) return;
    setTimeout(() => item.remove(), SECONDS * 1000);
  }

  // A response may say HX-Trigger: {"toast": {"text": "...", "kind": "success"}}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:responseError", () =>
    toast("The server could not do this. Try again in a moment.", "error"));
  const AWAY = "The server cannot be reached. Check that it still runs.";
  document.addEventListener("htmx:sendError", () => toast(AWAY, "error"));
  document.addEventListener("htmx:afterOnLoad", () => shown(AWAY)?.remove());

  document.addEventListener("click", (event) => {
    const close = event.target.closest(".toast [data-close]");
    if (close) close.closest(".toast").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast("Copied."));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.classList.add("busy");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll(".button.busy")) button.classList.remove("busy");
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const item of document.querySelectorAll("#toasts .toast")) fade(item);
    document.getElementById("problems")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".more-menu[open]");
    if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
