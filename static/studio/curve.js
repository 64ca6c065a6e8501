// The emotion curve as lanes, one an emotion: drag a point or move it with the arrow keys. Writes the text field.
(() => {
  const editor = document.getElementById("curve-editor");
  const svg = document.getElementById("curve-drawing");
  const field = document.getElementById("curve_points");
  const form = field.form;
  const told = document.getElementById("curve-told");
  const lanes = editor.dataset.emotions.split(",").map((pair) => {
    const [name, valence] = pair.split(":");
    return { name, valence: +valence };
  });
  const MOST = +editor.dataset.most, GAP = 0.02;
  // One unit of the drawing is about one pixel, so that words and grips keep their size on a phone.
  const WIDE = { wide: 720, high: 330, left: 118 }, NARROW = { wide: 350, high: 440, left: 92 };
  const TOP = 14, UNDER = 24;
  let size = WIDE, left, right, step;
  function fit() {
    const room = svg.parentElement.getBoundingClientRect().width;
    size = room && room < 560 ? NARROW : WIDE;
    left = size.left;
    right = size.wide - 16;
    step = (size.high - 2 * TOP - 20) / Math.max(lanes.length - 1, 1);
    svg.setAttribute("viewBox", `0 0 ${size.wide} ${size.high}`);
  }
  const laneOf = (name) => lanes.findIndex((lane) => lane.name === name);
  const x = (share) => left + share * (right - left);
  const y = (name) => TOP + laneOf(name) * step;
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const fallback = [[0, "curiosity"], [0.35, "tension"], [0.75, "awe"], [1, "curiosity"]];
  let points = [], chosen = 0, own = false;

  const parse = (text, divide, inner, scale) => text.split(divide).map((part) => part.trim().split(inner))
    .filter((part) => part.length === 2 && laneOf(part[1]) >= 0 && part[0] !== "" && isFinite(part[0]))
    .map(([share, name]) => [within(share / scale, 0, 1), name]);
  function element(tag, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text) made.textContent = text;
    return made;
  }
  const say = ([share, name]) => `${name} at ${Math.round(share * 100)} per cent`;

  function draw() {
    const focused = svg.contains(document.activeElement);
    fit();
    svg.replaceChildren();
    lanes.forEach(({ name, valence }) => {
      const tone = valence > 0.15 ? "good" : valence < -0.15 ? "bad" : "even";
      svg.append(element("line", { class: "lane", x1: left, x2: right, y1: y(name), y2: y(name) }),
        element("circle", { class: `tone-${tone}`, cx: left - 14, cy: y(name), r: 4 }),
        element("text", { x: left - 24, y: y(name) + 4, "text-anchor": "end" }, name));
    });
    svg.append(element("text", { x: left, y: size.high - 4 }, "start"), element("text", { x: right, y: size.high - 4, "text-anchor": "end" }, "end"));
    const corners = points.map(([share, name]) => `${x(share)},${y(name)}`).join(" ");
    svg.append(element("polygon", { class: "under", points: `${x(0)},${size.high - UNDER} ${corners} ${x(1)},${size.high - UNDER}` }),
      element("polyline", { class: "line", points: corners }));
    points.forEach((point, n) => {
      const handle = element("g", {
        class: n === chosen ? "point chosen" : "point", tabindex: 0, role: "slider", "data-n": n,
        "aria-label": `Point ${n + 1}`, "aria-valuemin": 0, "aria-valuemax": 100,
        "aria-valuenow": Math.round(point[0] * 100), "aria-valuetext": say(point),
      });
      handle.append(element("circle", { class: "grip", cx: x(point[0]), cy: y(point[1]), r: 20 }),
        element("circle", { cx: x(point[0]), cy: y(point[1]), r: 8 }));
      svg.append(handle);
    });
    if (focused) svg.querySelector(`[data-n="${chosen}"]`)?.focus();
    told.textContent = points[chosen] ? `Point ${chosen + 1} of ${points.length}: ${say(points[chosen])}` : "";
    editor.querySelector("[data-curve=add]").disabled = points.length >= MOST;
    editor.querySelector("[data-curve=remove]").disabled = points.length <= 2 || chosen === 0;
    editor.querySelector("[data-curve=reset]").hidden = !own;
  }
  function changed() {
    own = true;
    field.value = points.map(([share, name]) => `${+(share * 100).toFixed(1)} ${name}`).join("\n");
    draw();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function move(n, share, lane) {
    const last = points.length - 1;
    const low = n === 0 ? 0 : points[n - 1][0] + GAP, high = n === 0 ? 0 : n === last ? 1 : points[n + 1][0] - GAP;
    const next = [Math.round(within(share, low, Math.max(low, high)) * 1000) / 1000, lanes[within(lane, 0, lanes.length - 1)].name];
    if (next[0] === points[n][0] && next[1] === points[n][1]) return;
    points[n] = next;
    changed();
  }
  function add() {
    if (points.length >= MOST) return;
    const gaps = points.slice(1).map((point, n) => point[0] - points[n][0]);
    let after = chosen < gaps.length && gaps[chosen] > 2 * GAP ? chosen : gaps.indexOf(Math.max(...gaps));
    points.splice(after + 1, 0, [(points[after][0] + points[after + 1][0]) / 2, points[after][1]]);
    chosen = after + 1;
    changed();
  }
  function remove() {
    if (points.length <= 2 || chosen === 0) return;
    points.splice(chosen, 1);
    chosen = Math.min(chosen, points.length - 1);
    changed();
  }
  function load() {
    const typed = parse(field.value, "\n", /\s+/, 100);
    own = typed.length >= 2;
    const radio = form.querySelector("[name=curve]:checked");
    const named = radio?.dataset.points ? parse(radio.dataset.points, ",", ":", 1) : [];
    points = own ? typed : named.length ? named : fallback.filter(([, name]) => laneOf(name) >= 0);
    chosen = Math.min(chosen, points.length - 1);
    editor.hidden = !(own || radio?.dataset.points);
    draw();
  }

  svg.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".point");
    if (!handle) return;
    event.preventDefault();
    chosen = +handle.dataset.n;
    handle.focus();
    svg.setPointerCapture(event.pointerId);
    draw();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!svg.hasPointerCapture(event.pointerId)) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    move(chosen, (at.x - left) / (right - left), Math.round((at.y - TOP) / step));
  });
  svg.addEventListener("focusin", (event) => {
    const handle = event.target.closest(".point");
    if (handle && +handle.dataset.n !== chosen) { chosen = +handle.dataset.n; draw(); }
  });
  svg.addEventListener("keydown", (event) => {
    const [share, name] = points[chosen], lane = laneOf(name), step = event.shiftKey ? 0.05 : 0.01;
    const acts = {
      ArrowLeft: () => move(chosen, share - step, lane), ArrowRight: () => move(chosen, share + step, lane),
      ArrowUp: () => move(chosen, share, lane - 1), ArrowDown: () => move(chosen, share, lane + 1),
      Home: () => move(chosen, 0, lane), End: () => move(chosen, 1, lane),
      Insert: add, "+": add, Delete: remove, Backspace: remove,
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  });
  editor.addEventListener("click", (event) => {
    const act = event.target.closest("[data-curve]")?.dataset.curve;
    if (act === "add") add();
    if (act === "remove") remove();
    if (act === "reset") { field.value = ""; load(); field.dispatchEvent(new Event("input", { bubbles: true })); }
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "curve") field.value = "";
    if (event.target.name === "curve" || event.target === field) load();
  });
  document.addEventListener("brief:ready", load);
  window.addEventListener("resize", draw);
  load();
})();
