// The timeline under the player: follows the video, and seeks where somebody clicks or slides.
(() => {
  let video, box, frame;
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}.${Math.floor(seconds * 10 % 10)}`;
  const length = () => (isFinite(video.duration) && video.duration) || +box.dataset.timeline;

  function seek(seconds) {
    video.currentTime = Math.min(Math.max(seconds, 0), length() - 0.05);
    show();
  }
  function show() {
    const now = video.currentTime, share = now / length();
    const lane = box.querySelector(".lane"), tracks = box.querySelector(".tracks"), head = box.querySelector("[data-playhead]");
    const rail = lane.getBoundingClientRect(), whole = tracks.getBoundingClientRect();
    head.hidden = false;
    head.style.left = `${rail.left - whole.left + share * rail.width}px`;
    const slider = box.querySelector("#scrub");
    slider.value = now;
    slider.setAttribute("aria-valuetext", `${now.toFixed(1)} seconds`);
    box.querySelector("[data-clock]").textContent = `${clock(now)} / ${clock(length())}`;
    tell(now);
  }
  function tell(now) {
    let said, scene;
    for (const cue of box.querySelectorAll("[data-start]")) {
      const on = +cue.dataset.start <= now + 0.02;
      if (on) said = cue;
      cue.classList.remove("on");
    }
    for (const one of box.querySelectorAll("[data-seek]")) {
      if (+one.dataset.seek <= now + 0.02) scene = one;
      one.classList.remove("on");
    }
    said?.classList.add("on");
    scene?.classList.add("on");
    box.querySelector("[data-now]").textContent = said?.querySelector("title").textContent ?? "";
  }
  // How loud it is takes a moment to measure, so it comes when the rest is there.
  function hear() {
    const heard = document.querySelector("#heard[data-sound]");
    if (!heard) return;
    const address = heard.dataset.sound;
    delete heard.dataset.sound;
    fetch(address).then((answer) => (answer.ok ? answer.text() : "")).then((text) => {
      if (text) heard.innerHTML = text;
      if (video) show();
    }).catch(() => {});
  }
  function run() {
    show();
    frame = video.paused ? undefined : requestAnimationFrame(run);
  }
  function start() {
    hear();
    const found = document.getElementById("player"), timeline = document.querySelector("[data-timeline]");
    if (!found || !timeline || (found === video && timeline === box)) return;
    video = found;
    box = timeline;
    box.querySelector(".scrub").hidden = false;
    for (const kind of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(kind, show);
    for (const kind of ["play", "pause"]) video.addEventListener(kind, () => {
      const button = box.querySelector("[data-play]");
      button.classList.toggle("playing", !video.paused);
      button.setAttribute("aria-label", video.paused ? "Play" : "Pause");
      cancelAnimationFrame(frame);
      run();
    });
    box.querySelector("#scrub").addEventListener("input", (event) => seek(+event.target.value));
    box.querySelector("[data-play]").addEventListener("click", () => (video.paused ? video.play().catch(() => {}) : video.pause()));
    box.querySelector(".tracks").addEventListener("click", (event) => {
      const lane = event.target.closest(".lane");
      if (!lane || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const link = event.target.closest("[data-seek]");
      if (link && event.detail === 0) { seek(+link.dataset.seek); return; } // Enter on a scene
      const rail = lane.getBoundingClientRect();
      seek((event.clientX - rail.left) / rail.width * length());
    });
    show();
  }
  document.addEventListener("job:shown", start);
  document.addEventListener("htmx:afterSettle", () => { if (video) show(); });
  window.addEventListener("resize", () => { if (video) show(); });
  start();
})();
