// The library: how many shorts are marked, and marking all that are shown.
(() => {
  const boxes = () => [...document.querySelectorAll("#order .pick input")];

  function count() {
    const told = document.getElementById("selected");
    if (!told) return;
    const marked = boxes().filter((box) => box.checked).length;
    told.textContent = marked ? `${marked} selected` : "Mark shorts to retry or cancel several at once.";
    document.querySelector(".order-bar").classList.toggle("active", marked > 0);
    const all = document.getElementById("select-all");
    all.checked = marked > 0 && marked === boxes().length;
    all.indeterminate = marked > 0 && !all.checked;
  }

  function prepare() {
    for (const label of document.querySelectorAll(".check.all")) label.hidden = false;
    document.querySelector(".order-bar")?.classList.add("scripted");
    count();
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "select-all") for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.closest("#order")) count();
  });
  // A tile that is replaced while it is marked stays marked.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const marked = event.detail.target.querySelector(".pick input")?.checked;
    const fresh = event.detail.fragment.querySelector?.(`#${event.detail.target.id} .pick input`);
    if (marked && fresh) fresh.checked = true;
  });
  document.addEventListener("htmx:afterSettle", prepare);
  document.addEventListener("htmx:oobAfterSwap", prepare);
  document.addEventListener("DOMContentLoaded", prepare);
})();
