// New short: hints while typing, a summary, a draft that survives a reload, personas to hear. The form works without.
(() => {
  const form = document.getElementById("brief");
  const KEPT = "hookloop:draft";
  const store = {
    read() { try { return JSON.parse(localStorage.getItem(KEPT)); } catch { return null; } },
    write(values) { try { localStorage.setItem(KEPT, JSON.stringify(values)); } catch { /* a private window */ } },
    clear() { try { localStorage.removeItem(KEPT); } catch { /* a private window */ } },
  };
  const token = form.elements.token.value;
  // The server answers a brief that came through with a cookie of its form's token.
  const cameThrough = (sent) => document.cookie.split("; ").includes(`hookloop_sent=${sent}`);
  const checked = (name) => form.querySelector(`[name="${name}"]:checked`);
  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const format = new Intl.NumberFormat("en");

  // --- hints: characters, lines, seconds -------------------------------------------------------
  function count() {
    for (const output of form.querySelectorAll("[data-count]")) {
      const used = document.getElementById(output.dataset.count).value.length;
      output.textContent = used ? `${format.format(used)} of ${format.format(+output.dataset.most)}` : "";
      output.classList.toggle("over", used > +output.dataset.most);
    }
    for (const output of form.querySelectorAll("[data-count-lines]")) {
      const all = lines(document.getElementById(output.dataset.countLines).value);
      const long = all.findIndex((line) => line.length > +output.dataset.each);
      output.textContent = long >= 0
        ? `Line ${long + 1} has ${all[long].length} characters; ${output.dataset.each} fit`
        : all.length ? `${all.length} fact${all.length > 1 ? "s" : ""} of ${output.dataset.most}` : "";
      output.classList.toggle("over", long >= 0 || all.length > +output.dataset.most);
    }
  }
  // About how many words a text has when said: a figure is said in as many words as it has digits, and its unit.
  const spoken = (text) => text.split(/\s+/).filter(Boolean).reduce((sum, word) => {
    const digits = (word.match(/\d/g) || []).length;
    return sum + (digits ? digits + (/^[\d.,]+[.,;:!?()]*$/.test(word) ? 0 : 1) : 1);
  }, 0);
  const WORDS_A_SECOND = 2.5, FRAME_SECONDS = 9, USUAL_ATTENTION = 6; // as strategy reckons
  function seconds() {
    const platform = checked("platform"), audience = checked("audience");
    if (!platform || !audience) return null;
    const words = spoken(form.facts.value) + spoken(form.source_text.value);
    const pull = Math.min(Math.max((audience.dataset.attention / USUAL_ATTENTION) ** 0.35, 0.75), 1.25);
    const ideal = platform.dataset.ideal * pull;
    const filled = words ? FRAME_SECONDS + Math.ceil(words / WORDS_A_SECOND) : null;
    const bound = (value) => Math.round(Math.min(Math.max(value, +platform.dataset.min), +platform.dataset.max));
    return { filled, best: bound(filled === null ? ideal : Math.min(ideal, filled)), platform };
  }
  function hintLength() {
    const hint = form.querySelector("[data-duration-hint]"), told = form.querySelector("[data-told=length]");
    const reckoned = seconds(), asked = form.duration.value.trim();
    if (!reckoned) return;
    const { filled, best, platform } = reckoned;
    const range = `${platform.dataset.min} to ${platform.dataset.max} s`;
    const wrong = asked && !(+asked >= +platform.dataset.min && +asked <= +platform.dataset.max);
    hint.textContent = wrong ? `This platform takes ${range}.`
      : filled === null ? `${range}. Left empty, about ${best} s.`
      : `Your text fills about ${filled} s when spoken. Left empty, about ${best} s.`;
    told.textContent = asked && !wrong ? `${asked} s, as you ask` : `about ${best} s`;
  }

  // --- the summary ------------------------------------------------------------------------------
  const titled = (input, empty) => input?.value ? input.closest("label").querySelector("strong").textContent : empty;
  function tell() {
    const say = (name, text) => { form.querySelector(`[data-told=${name}]`).textContent = text; };
    say("platform", titled(checked("platform"), ""));
    say("audience", `${titled(checked("audience"), "")}, in ${form.language.selectedOptions[0]?.text ?? ""}`);
    say("persona", titled(checked("persona"), "what works best"));
    say("curve", form.curve_points.value.trim() ? "your own curve" : titled(checked("curve"), "what works best"));
    count();
    hintLength();
  }

  // --- the draft --------------------------------------------------------------------------------
  const SKIPPED = new Set(["csrfmiddlewaretoken", "token", "files", "media"]);
  const values = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !SKIPPED.has(name)));
  const empty = JSON.stringify(values());
  let waiting;
  function settle() {
    clearTimeout(waiting);
    waiting = undefined;
  }
  function write() {
    settle();
    const now = values();
    if (JSON.stringify(now) === empty) store.clear(); else store.write({ values: now });
  }
  function keep() {
    settle();
    waiting = setTimeout(write, 250);
  }
  window.addEventListener("pagehide", () => { if (waiting) write(); });
  function send() {
    settle();
    store.write({ values: values(), sent: token });
  }
  function restore() {
    const kept = store.read();
    if (kept?.sent && cameThrough(kept.sent)) { store.clear(); return; }
    if (!kept?.values || form.hasAttribute("data-given")) return;
    for (const [name, value] of Object.entries(kept.values)) {
      const field = form.elements[name];
      if (!field) continue;
      if (field instanceof RadioNodeList) { if ([...field].some((radio) => radio.value === value)) field.value = value; }
      else field.value = value;
      const fold = field instanceof RadioNodeList ? null : field.closest("details");
      if (fold && value) fold.open = true;
    }
    document.getElementById("draft-back").hidden = JSON.stringify(values()) === empty;
  }
  document.querySelector("[data-fresh]").addEventListener("click", () => { settle(); store.clear(); location.assign(location.pathname); });

  // --- personas: one sample at a time -----------------------------------------------------------
  const voice = new Audio();
  let playing;
  function rest() { playing?.classList.remove("playing"); playing = undefined; }
  voice.addEventListener("ended", rest);
  voice.addEventListener("error", rest);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-hear]");
    if (!link) return;
    event.preventDefault();
    const again = link === playing;
    voice.pause();
    rest();
    if (again) return;
    playing = link;
    link.classList.add("playing");
    voice.src = link.href;
    voice.play().catch(rest);
  });

  // --- the latest shorts, while they are made ---------------------------------------------------
  async function follow() {
    if (document.hidden) return;
    for (const row of document.querySelectorAll(".job-row[data-live]")) {
      const answer = await fetch(row.dataset.live).catch(() => null);
      if (answer?.ok) row.outerHTML = await answer.text();
    }
  }
  if (document.querySelector(".job-row[data-live]")) setInterval(follow, 4000);

  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { tell(); keep(); });
  form.addEventListener("submit", send);
  restore();
  tell();
  for (const row of form.querySelectorAll(".slide")) {
    const on = row.querySelector(":checked")?.closest(".pick-box, .pick");
    if (on) row.scrollLeft = on.offsetLeft - row.offsetLeft - 16;
  }
  document.dispatchEvent(new Event("brief:ready"));
})();
