// Draws a timeline of "second emotion" lines as a curve that can be dragged, drawn freehand and steered with keys.
// The text stays the form's own field: without this script it is what a curator edits.
(() => {
  const NS = "http://www.w3.org/2000/svg";
  const LEAST_WIDE = 300, HIGH = 300, LEFT = 34, RIGHT = 16, TOP = 40, BOTTOM = 52;
  const PAD = 300, PAD_ROOM = 26;
  const MOST = 24, LONGEST = 600, STEP = 0.5, STROKE = 24, TOLERANCE = 16;

  const make = (name, attributes = {}, parent = null, text = "") => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const html = (name, attributes = {}, parent = null, text = "") => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text) element.textContent = text;
    if (parent) parent.append(element);
    return element;
  };
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const round = (value) => Math.round(value / STEP) * STEP;

  class Editor {
    constructor(box) {
      this.area = box.querySelector("textarea");
      this.emotions = JSON.parse(box.dataset.emotions);
      this.names = Object.keys(this.emotions).sort((a, b) => this.emotions[a][0] - this.emotions[b][0]);
      this.points = this.read() || [{ sec: 0, emotion: "curiosity" }, { sec: 30, emotion: "satisfaction" }]
        .map((point) => ({ ...point, emotion: this.emotions[point.emotion] ? point.emotion : this.names[0] }));
      this.chosen = 0;
      this.past = [];
      this.wide = 760;
      this.build(box);
      this.area.addEventListener("input", () => { const read = this.read(); if (read) { this.points = read; this.draw(); } });
      this.draw();
    }

    // --- text and points ------------------------------------------------------------------------------
    read() {
      const points = this.area.value.split("\n").map((line) => line.trim().split(/\s+/)).filter((words) => words[0])
        .map(([sec, emotion]) => ({ sec: parseFloat(sec), emotion: (emotion || "").toLowerCase() }));
      const fine = points.length > 1 && points.every((p, n) => this.emotions[p.emotion] && Number.isFinite(p.sec) && (!n || p.sec > points[n - 1].sec));
      return fine ? points : null;
    }
    write() {
      this.area.value = this.points.map((p) => `${String(p.sec).padEnd(5)} ${p.emotion}`).join("\n");
      this.area.dispatchEvent(new Event("change", { bubbles: true }));
    }
    change(edit) {
      this.past.push(JSON.stringify(this.points));
      edit();
      this.chosen = clamp(this.chosen, 0, this.points.length - 1);
      this.write();
      this.draw();
    }
    undo() {
      if (!this.past.length) return;
      this.points = JSON.parse(this.past.pop());
      this.chosen = clamp(this.chosen, 0, this.points.length - 1);
      this.write();
      this.draw();
    }

    // --- places ---------------------------------------------------------------------------------------
    get end() { return this.points[this.points.length - 1].sec; }
    x(sec) { return LEFT + (this.wide - LEFT - RIGHT) * sec / this.end; }
    y(value) { return TOP + (HIGH - TOP - BOTTOM) * (1 - value) / 2; }
    sec(x) { return round(clamp((x - LEFT) / (this.wide - LEFT - RIGHT), 0, 1) * this.end); }
    value(y) { return clamp(1 - 2 * (y - TOP) / (HIGH - TOP - BOTTOM), -1, 1); }
    at(event) {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.chart.getScreenCTM().inverse());
      return { x: place.x, y: place.y };
    }
    nearest(valence, arousal) {
      const far = (name) => Math.abs(this.emotions[name][0] - valence) + 0.35 * Math.abs(this.emotions[name][1] - arousal);
      return this.names.reduce((best, name) => (far(name) < far(best) ? name : best));
    }
    bounds(n) {
      const low = n === 0 ? 0 : this.points[n - 1].sec + STEP;
      const high = n === 0 ? 0 : n === this.points.length - 1 ? LONGEST : this.points[n + 1].sec - STEP;
      return [low, high];
    }
    arousalAt(sec) {
      const after = this.points.findIndex((p) => p.sec >= sec);
      return this.emotions[this.points[after < 0 ? this.points.length - 1 : after].emotion][1];
    }

    // --- what is on the page --------------------------------------------------------------------------
    build(box) {
      box.classList.add("ready");
      const stage = html("div", { class: "curve-stage" });
      this.chart = make("svg", { class: "curve-chart", role: "group", "aria-label": "The curve over time" }, stage);
      this.pad = make("svg", { class: "curve-pad", viewBox: `0 0 ${PAD} ${PAD}`, role: "group", "aria-label": "Emotions by valence and arousal" }, stage);
      const tools = html("div", { class: "curve-tools row" });
      this.where = html("span", { class: "badge info" }, tools);
      this.second = html("input", { type: "number", min: 0, max: LONGEST, step: STEP, "aria-label": "Second of this point" }, html("label", { class: "inline" }, tools, "at second "));
      this.select = html("select", { "aria-label": "Emotion of this point" }, html("label", { class: "inline" }, tools, "emotion "));
      for (const name of [...this.names].sort()) html("option", { value: name }, this.select, name);
      this.button(tools, "Add a point", () => this.insertAfter());
      this.button(tools, "Remove it", () => this.remove());
      this.undoing = this.button(tools, "Undo", () => this.undo());
      const text = html("details", { class: "fold curve-text" });
      html("summary", {}, text, "As text");
      const hint = html("p", { class: "help" }, null, "Drag a point; click to add one; draw across the chart to replace what lies under the stroke. With keys: ← → move in time, ↑ ↓ change the emotion, + adds, Delete removes.");
      box.prepend(stage, tools, hint);
      new ResizeObserver(() => this.fit()).observe(stage);
      box.append(text);
      text.append(this.area);
      this.said = html("p", { class: "visually-hidden", "aria-live": "polite" }, box);
      this.listen();
    }
    button(parent, words, act) {
      const button = html("button", { type: "button", class: "button small" }, parent, words);
      button.addEventListener("click", act);
      return button;
    }
    listen() {
      this.second.addEventListener("change", () => {
        const wanted = parseFloat(this.second.value), [low, high] = this.bounds(this.chosen);
        if (Number.isFinite(wanted)) this.change(() => { this.points[this.chosen].sec = clamp(wanted, low, high); });
      });
      this.select.addEventListener("change", () => this.change(() => { this.points[this.chosen].emotion = this.select.value; }));
      this.chart.addEventListener("pointerdown", (event) => this.press(event));
      this.chart.addEventListener("keydown", (event) => this.key(event));
      this.chart.addEventListener("focusin", (event) => {
        const n = Number(event.target.dataset?.n);
        if (Number.isInteger(n) && n !== this.chosen) { this.chosen = n; this.draw(true); }
      });
    }

    // One unit of the drawing is one pixel, so that words stay legible on a phone.
    fit() {
      const wide = Math.max(LEAST_WIDE, Math.round(this.chart.getBoundingClientRect().width));
      if (wide === this.wide) return;
      this.wide = wide;
      this.draw();
    }
    draw(refocus = false) {
      this.chart.setAttribute("viewBox", `0 0 ${this.wide} ${HIGH}`);
      const held = this.chart.contains(document.activeElement) || refocus;
      this.chart.replaceChildren();
      this.grid();
      this.line("arousal", 1);
      this.line("valence", 0);
      this.points.forEach((point, n) => this.handle(point, n));
      this.drawPad();
      const point = this.points[this.chosen];
      this.where.textContent = `Point ${this.chosen + 1} of ${this.points.length}`;
      this.second.value = point.sec;
      this.second.disabled = this.chosen === 0;
      this.select.value = point.emotion;
      this.undoing.disabled = !this.past.length;
      if (held) this.chart.querySelector(`[data-n="${this.chosen}"]`)?.focus({ preventScroll: true });
    }
    grid() {
      for (const [value, words] of [[1, "+1"], [0, "0"], [-1, "−1"]]) {
        make("path", { class: value ? "grid" : "grid middle", d: `M${LEFT} ${this.y(value)} H${this.wide - RIGHT}` }, this.chart);
        make("text", { x: LEFT - 8, y: this.y(value) + 4, "text-anchor": "end" }, this.chart, words);
      }
      const steps = [1, 2, 5, 10, 30, 60, 120].find((s) => (this.end / s) * 44 <= this.wide);
      for (let sec = 0; sec <= this.end; sec += steps) make("text", { x: this.x(sec), y: HIGH - 8, "text-anchor": "middle" }, this.chart, `${sec} s`);
      make("text", { class: "key valence", x: LEFT, y: 14 }, this.chart, "● valence: unpleasant to pleasant");
      const narrow = this.wide < 460;
      make("text", { class: "key arousal", x: LEFT + (narrow ? 0 : 235), y: narrow ? 28 : 14 }, this.chart, "● arousal: still to stirred");
    }
    line(kind, part) {
      const corners = this.points.map((p) => `${this.x(p.sec)},${this.y(this.emotions[p.emotion][part])}`).join(" ");
      make("polyline", { class: `line ${kind}`, points: corners }, this.chart);
      if (part) for (const p of this.points) make("circle", { class: "dot arousal", cx: this.x(p.sec), cy: this.y(this.emotions[p.emotion][1]), r: 3.5 }, this.chart);
    }
    handle(point, n) {
      const [valence] = this.emotions[point.emotion], x = this.x(point.sec), y = this.y(valence);
      const group = make("g", {
        class: n === this.chosen ? "handle chosen" : "handle", tabindex: n === this.chosen ? 0 : -1, role: "slider", "data-n": n,
        "aria-label": `Point ${n + 1}`, "aria-valuemin": 0, "aria-valuemax": this.end, "aria-valuenow": point.sec,
        "aria-valuetext": `${point.emotion} at ${point.sec} seconds`,
      }, this.chart);
      make("circle", { class: "reach", cx: x, cy: y, r: 18 }, group);
      make("circle", { class: "knob", cx: x, cy: y, r: 7 }, group);
      const first = n === 0, last = n === this.points.length - 1;
      const below = y < TOP + 26 || n % 2 === 1;
      make("text", { x: x + (first ? -4 : last ? 4 : 0), y: below ? y + 24 : y - 14, "text-anchor": first ? "start" : last ? "end" : "middle" }, group, point.emotion);
    }
    drawPad() {
      this.pad.replaceChildren();
      const room = PAD - 2 * PAD_ROOM, x = (v) => PAD_ROOM + room * (v + 1) / 2, y = (a) => PAD_ROOM + room * (1 - a) / 2;
      make("rect", { class: "ground", x: PAD_ROOM, y: PAD_ROOM, width: room, height: room, rx: 12 }, this.pad);
      make("path", { class: "grid middle", d: `M${PAD / 2} ${PAD_ROOM} V${PAD - PAD_ROOM} M${PAD_ROOM} ${PAD / 2} H${PAD - PAD_ROOM}` }, this.pad);
      make("text", { x: PAD / 2, y: 16, "text-anchor": "middle" }, this.pad, "stirred");
      make("text", { x: PAD / 2, y: PAD - 9, "text-anchor": "middle" }, this.pad, "still");
      make("text", { x: 14, y: PAD / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${PAD / 2})` }, this.pad, "unpleasant");
      make("text", { x: PAD - 14, y: PAD / 2, "text-anchor": "middle", transform: `rotate(90 ${PAD - 14} ${PAD / 2})` }, this.pad, "pleasant");
      const current = this.points[this.chosen].emotion;
      for (const name of this.names) {
        const [v, a] = this.emotions[name];
        const spot = make("g", { class: name === current ? "spot chosen" : "spot" }, this.pad);
        make("circle", { cx: x(v), cy: y(a), r: name === current ? 7 : 4.5 }, spot);
        make("circle", { class: "reach", cx: x(v), cy: y(a), r: 11 }, spot);
        make("text", { x: clamp(x(v), 50, PAD - 50), y: y(a) - 11, "text-anchor": "middle" }, spot, name);
        spot.addEventListener("click", () => this.change(() => { this.points[this.chosen].emotion = name; }));
      }
      const chosen = this.pad.querySelector(".chosen");
      if (chosen) this.pad.append(chosen);
    }

    // --- editing --------------------------------------------------------------------------------------
    insertAfter() {
      if (this.points.length >= MOST) return this.say(`A curve has at most ${MOST} points.`);
      const n = Math.min(this.chosen, this.points.length - 2), from = this.points[n], to = this.points[n + 1];
      const sec = round((from.sec + to.sec) / 2);
      if (sec <= from.sec || sec >= to.sec) return this.say("There is no room between these two points.");
      return this.change(() => { this.points.splice(n + 1, 0, { sec, emotion: from.emotion }); this.chosen = n + 1; });
    }
    remove() {
      if (this.points.length <= 2) return this.say("A curve has at least two points.");
      if (this.chosen === 0) return this.say("The first point stands at second 0 and stays.");
      return this.change(() => this.points.splice(this.chosen, 1));
    }
    say(words) { this.said.textContent = words; }
    key(event) {
      const n = Number(event.target.dataset?.n);
      if (!Number.isInteger(n)) return;
      const point = this.points[n], [low, high] = this.bounds(n), at = this.names.indexOf(point.emotion);
      const acts = {
        ArrowLeft: () => this.change(() => { point.sec = clamp(point.sec - STEP, low, high); }),
        ArrowRight: () => this.change(() => { point.sec = clamp(point.sec + STEP, low, high); }),
        ArrowUp: () => this.change(() => { point.emotion = this.names[Math.min(at + 1, this.names.length - 1)]; }),
        ArrowDown: () => this.change(() => { point.emotion = this.names[Math.max(at - 1, 0)]; }),
        Home: () => { this.chosen = 0; this.draw(); },
        End: () => { this.chosen = this.points.length - 1; this.draw(); },
        PageUp: () => { this.chosen = Math.max(0, n - 1); this.draw(); },
        PageDown: () => { this.chosen = Math.min(this.points.length - 1, n + 1); this.draw(); },
        Delete: () => this.remove(), Backspace: () => this.remove(), "+": () => this.insertAfter(), Enter: () => this.insertAfter(),
      };
      if (event.key === "z" && (event.ctrlKey || event.metaKey)) acts.z = () => this.undo();
      if (!acts[event.key]) return;
      event.preventDefault();
      acts[event.key]();
    }
    press(event) {
      if (event.button) return;
      event.preventDefault();
      const handle = event.target.closest?.("[data-n]");
      if (handle) this.drag(Number(handle.dataset.n), event); else this.stroke(event);
    }
    follow(event, moved, released) {
      const move = (later) => moved(this.at(later));
      const stop = (last) => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", stop);
        window.removeEventListener("pointercancel", stop);
        released(this.at(last));
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", stop);
      window.addEventListener("pointercancel", stop);
    }
    drag(n, event) {
      this.chosen = n;
      this.draw(true);
      const before = JSON.stringify(this.points), point = this.points[n], arousal = this.emotions[point.emotion][1];
      const last = n === this.points.length - 1;
      this.follow(event, ({ x, y }) => {
        const [low, high] = this.bounds(n);
        if (!last) point.sec = clamp(this.sec(x), low, high);
        point.emotion = this.nearest(this.value(y), arousal);
        this.draw(true);
      }, () => {
        if (JSON.stringify(this.points) !== before) { this.past.push(before); this.write(); this.draw(true); }
      });
    }
    stroke(event) {
      const path = [this.at(event)];
      const trace = make("polyline", { class: "trace" }, this.chart);
      this.follow(event, (place) => {
        path.push(place);
        trace.setAttribute("points", path.map((p) => `${p.x},${p.y}`).join(" "));
      }, () => {
        trace.remove();
        const across = Math.max(...path.map((p) => p.x)) - Math.min(...path.map((p) => p.x));
        if (across < STROKE) this.click(path[0]); else this.redraw(path);
      });
    }
    click({ x, y }) {
      const sec = this.sec(x);
      if (this.points.length >= MOST) { this.say(`A curve has at most ${MOST} points.`); return; }
      if (sec <= 0 || sec >= this.end || this.points.some((p) => p.sec === sec)) return;
      this.change(() => {
        this.points.push({ sec, emotion: this.nearest(this.value(y), this.arousalAt(sec)) });
        this.points.sort((a, b) => a.sec - b.sec);
        this.chosen = this.points.findIndex((p) => p.sec === sec);
      });
    }
    redraw(path) {
      const sorted = [...path].sort((a, b) => a.x - b.x);
      const from = this.sec(sorted[0].x), to = this.sec(sorted[sorted.length - 1].x);
      const drawn = new Map();
      for (const place of simplified(sorted)) {
        const sec = this.sec(place.x);
        drawn.set(sec, { sec, emotion: this.nearest(this.value(place.y), this.arousalAt(sec)) });
      }
      const kept = this.points.filter((p) => p.sec < from || p.sec > to);
      const all = new Map([...kept.map((p) => [p.sec, p]), ...drawn]);
      for (const edge of [this.points[0], this.points[this.points.length - 1]]) if (!all.has(edge.sec)) all.set(edge.sec, edge);
      const points = [...all.values()].sort((a, b) => a.sec - b.sec);
      if (points.length > MOST) { this.say(`That stroke needs more than ${MOST} points; draw it smoother.`); return; }
      this.change(() => { this.points = points; });
    }
  }

  // Ramer, Douglas and Peucker: the corners that a stroke needs.
  function simplified(path) {
    if (path.length < 3) return path;
    const [a, b] = [path[0], path[path.length - 1]], span = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    let far = 0, at = 0;
    for (let n = 1; n < path.length - 1; n += 1) {
      const off = Math.abs((b.x - a.x) * (a.y - path[n].y) - (a.x - path[n].x) * (b.y - a.y)) / span;
      if (off > far) { far = off; at = n; }
    }
    if (far < TOLERANCE) return [a, b];
    return [...simplified(path.slice(0, at + 1)), ...simplified(path.slice(at)).slice(1)];
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-curve-editor]")) new Editor(box);
  });
})();
