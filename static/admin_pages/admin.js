// The menu on small screens, and forms that send once.
(() => {
  const button = document.querySelector("[data-menu]");
  const menu = document.getElementById("menu");
  const show = (open) => {
    button.setAttribute("aria-expanded", String(open));
    menu.classList.toggle("open", open);
  };
  if (button && menu) {
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
      show(false);
      button.focus();
    });
  }
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector(".more-menu[open]");
    if (event.key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
  });
  // On wide screens there is room for the filters beside the list.
  const filters = document.querySelector("details.filters");
  if (filters && matchMedia("(min-width: 1600px)").matches) filters.open = true;
})();
