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

  // What is read on demand comes into the page; without this script the same links lead to pages of their own.
  async function bring(address, target) {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.statusText);
    target.innerHTML = await answer.text();
  }
  const sorry = () => document.dispatchEvent(new CustomEvent("toast", {
    detail: { text: "The server could not do this. Try again in a moment.", kind: "error" },
  }));
  document.addEventListener("toggle", (event) => {
    const lazy = event.target.open && event.target.querySelector(":scope > .lazy:not([data-asked])");
    const link = lazy && lazy.querySelector("a");
    if (!link) return;
    lazy.dataset.asked = "";
    bring(link.href, lazy).catch(() => { delete lazy.dataset.asked; sorry(); });
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit]"), editor = document.getElementById("scene-editor");
    if (!link || !editor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    bring(link.href, editor).then(() => editor.querySelector("textarea")?.focus()).catch(sorry);
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => { if (event.persisted && !ended()) listen(); });
  if (page.dataset.stream && !ended()) listen();
})();
