// Axes on which the reader draws: sliders, one for each of some times, that a pointer moves, too.
import { short } from "./verdict.js";

const SVG = "http://www.w3.org/2000/svg";
const clamp = (v, [low, high]) => Math.min(Math.max(v, low), high);

export function sketchPad(axes, { limits, frame }) {
  const sliders = [...axes.querySelectorAll("input")], picture = axes.querySelector("svg"), mine = axes.querySelector(".mine");
  const times = sliders.map((slider) => Number(slider.dataset.at)), [first, last] = [times[0], times.at(-1)];
  const circles = (name, r) => sliders.map(() => {
    const circle = picture.appendChild(document.createElementNS(SVG, "circle"));
    circle.setAttribute("class", name);
    circle.setAttribute("r", r);
    return circle;
  });
  const dots = circles("dot", 6), reaches = circles("reach", 22);
  const column = (t) => frame.left + ((frame.right - frame.left) * (t - first)) / (last - first);
  const row = (v) => frame.lower - ((frame.lower - frame.upper) * (v - limits[0])) / (limits[1] - limits[0]);
  let drawn = false;

  function draw() {
    const places = sliders.map((slider, i) => [column(times[i]), row(Number(slider.value))]);
    mine.setAttribute("d", places.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""));
    axes.classList.toggle("drawn", drawn);
    sliders.forEach((slider, i) => {
      slider.setAttribute("aria-valuetext", short(Number(slider.value)));
      for (const circle of [dots[i], reaches[i]]) {
        circle.setAttribute("cx", places[i][0]);
        circle.setAttribute("cy", places[i][1]);
      }
    });
  }

  sliders.forEach((slider, i) => {
    slider.addEventListener("input", () => {
      drawn = true;
      draw();
    });
    slider.addEventListener("focus", () => dots[i].classList.toggle("focused", slider.matches(":focus-visible")));
    slider.addEventListener("blur", () => dots[i].classList.remove("focused"));
  });

  // A pointer pulls the nearest slider, and those that it passes on the way.
  let before; // where the pointer was: [time, value]
  const place = ({ clientX, clientY }) => {
    const box = picture.getBoundingClientRect(), zoom = frame.width / box.width;
    const [x, y] = [(clientX - box.left) * zoom, (clientY - box.top) * zoom];
    const t = first + ((last - first) * (x - frame.left)) / (frame.right - frame.left);
    const v = limits[0] + ((limits[1] - limits[0]) * (frame.lower - y)) / (frame.lower - frame.upper);
    return [clamp(t, [first, last]), clamp(v, limits)];
  };
  const nearest = (t) => times.reduce((best, at, i) => (Math.abs(at - t) < Math.abs(times[best] - t) ? i : best), 0);

  function pull(here) {
    const [[t0, v0], [t1, v1]] = [before, here];
    times.forEach((t, i) => {
      if ((t - t0) * (t - t1) < 0) sliders[i].value = v0 + ((v1 - v0) * (t - t0)) / (t1 - t0);
    });
    if (!drawn || nearest(t0) !== nearest(t1)) sliders[nearest(t0)].value = v0;
    sliders[nearest(t1)].value = v1;
    before = here;
    drawn = true;
    draw();
  }

  picture.addEventListener("pointerdown", (event) => {
    if (event.button || sliders[0].matches(":disabled")) return;
    event.preventDefault();
    before = place(event);
    sliders[nearest(before[0])].focus({ preventScroll: true, focusVisible: false });
    picture.setPointerCapture(event.pointerId);
  });
  // Nothing yet at the touch itself: a finger that scrolls past never gets here.
  for (const name of ["pointermove", "pointerup"]) {
    picture.addEventListener(name, (event) => picture.hasPointerCapture(event.pointerId) && pull(place(event)));
  }

  draw();
  return {
    given: () => (drawn ? sliders.map((slider, i) => [times[i], Number(slider.value)]) : undefined),
    put(given) {
      drawn = given !== undefined;
      sliders.forEach((slider, i) => (slider.value = given ? given[i][1] : slider.defaultValue));
      draw();
    },
  };
}
