// A job's page while it goes on: told by server-sent events, else by asking. Only parts that changed are sent.
(() => {
  const page = document.getElementById("live");
  const ASK_EVERY = 1000, SETTLE = 200;
  let source, asking, waiting;

  const marks = () => [...page.querySelectorAll(".part[data-mark]")]
    .map((part) => `${part.id.slice(5)}:${part.dataset.mark}`).join(",");
  const ended = () => Boolean(page.querySelector("[data-ended]"));
  const refresh = () => { waiting = undefined; window.htmx.trigger(page, "refresh"); };
  const soon = () => { waiting ??= setTimeout(refresh, SETTLE); };

  function stop() {
    source?.close();
    clearInterval(asking);
    source = asking = undefined;
  }
  function ask() {
    asking ??= setInterval(() => { if (!document.hidden) refresh(); }, ASK_EVERY);
  }
  function listen() {
    if (!window.EventSource) { ask(); return; }
    source = new EventSource(page.dataset.stream);
    for (const kind of ["message", "snapshot", "end"]) source.addEventListener(kind, soon);
    source.addEventListener("open", () => { clearInterval(asking); asking = undefined; });
    // A refused stream (503) is closed for good: ask instead. One that only broke comes back by itself.
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) ask(); });
  }

  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt === page) event.detail.parameters.seen = marks();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== page) return;
    if (ended()) stop();
    document.dispatchEvent(new Event("job:shown"));
  });
  // A form with something to put right comes back as 422: it is shown, not dropped.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "scene-editor") event.detail.target.querySelector("textarea")?.focus();
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => { if (event.persisted && !ended()) listen(); });
  if (page.dataset.stream && !ended()) listen();
  // The brief came through: what was kept of it while typing is not needed any more.
  try {
    if (sessionStorage.getItem("hookloop:sent")) { sessionStorage.removeItem("hookloop:sent"); localStorage.removeItem("hookloop:draft"); }
  } catch { /* a private window */ }
})();
