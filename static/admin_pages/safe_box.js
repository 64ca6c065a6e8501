// The phone beside the four numbers follows them, and its box can be dragged by its edges.
document.addEventListener("DOMContentLoaded", () => {
  const WIDE = 1080, HIGH = 1920, LEAST = { x: 400, y: 200 }, REACH = 70, STEP = 4;
  const phone = document.querySelector("svg[data-phone]");
  const inputs = Object.fromEntries([...document.querySelectorAll("input[data-edge]")].map((i) => [i.dataset.edge, i]));
  if (!phone || Object.keys(inputs).length !== 4) return;
  const box = phone.querySelector("[data-box]"), labels = phone.querySelector("[data-labels]");
  const read = () => Object.fromEntries(Object.entries(inputs).map(([edge, input]) => [edge, Number(input.value)]));
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  function draw() {
    const { left, top, right, bottom } = read();
    if (!(right > left && bottom > top)) return;
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) box.setAttribute(name, value);
    const words = [[top + 74, `y ${top}`], [bottom - 34, `y ${bottom}`], [(top + bottom) / 2 - 10, `${right - left} × ${bottom - top}`], [(top + bottom) / 2 + 60, `x ${left} to ${right}`]];
    [...labels.children].forEach((text, n) => {
      text.setAttribute("x", (left + right) / 2);
      text.setAttribute("y", words[n][0]);
      text.textContent = words[n][1];
    });
  }
  const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(phone.getScreenCTM().inverse());
  function edgesNear({ x, y }) {
    const { left, top, right, bottom } = read(), near = [];
    const beside = x > left - REACH && x < right + REACH && y > top - REACH && y < bottom + REACH;
    if (!beside) return near;
    if (Math.abs(x - left) < REACH) near.push("left"); else if (Math.abs(x - right) < REACH) near.push("right");
    if (Math.abs(y - top) < REACH) near.push("top"); else if (Math.abs(y - bottom) < REACH) near.push("bottom");
    return near;
  }
  function set(edge, place) {
    const now = read(), across = edge === "left" || edge === "right";
    const wanted = Math.round((across ? place.x : place.y) / STEP) * STEP;
    const [low, high] = {
      left: [0, now.right - LEAST.x], right: [now.left + LEAST.x, WIDE], top: [0, now.bottom - LEAST.y], bottom: [now.top + LEAST.y, HIGH],
    }[edge];
    inputs[edge].value = clamp(wanted, low, high);
  }
  phone.classList.add("movable");
  phone.addEventListener("pointerdown", (event) => {
    const edges = edgesNear(at(event));
    if (!edges.length) return;
    event.preventDefault();
    const move = (later) => { for (const edge of edges) set(edge, at(later)); draw(); };
    const stop = () => { window.removeEventListener("pointermove", move); window.removeEventListener("pointerup", stop); };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
  });
  for (const input of Object.values(inputs)) input.addEventListener("input", draw);
});
