// Two panels beside each other, or both in the plots of the first. Each widget has modules of its
// own: what the two share hangs on the element around them.
export function pairOf(panel) {
  const element = panel.closest(".lr-compare");
  if (!element) return undefined;
  element.lrPair ??= makePair(element);
  return element.lrPair;
}

function makePair(element) {
  const parts = []; // of each panel what `enter` gave, the left one first
  const colourOf = (part) => part.series()?.colour;
  const pair = {
    element,
    // A chart tells what it would draw, `series()`, and what redraws it.
    enter(panel, part) {
      parts[[...element.children].indexOf(panel)] = part;
      pair.redraw();
    },
    leave: (part) => delete parts[parts.indexOf(part)],
    isFirst: (panel) => element.firstElementChild === panel,
    isOne: () => element.classList.contains("lr-one"),
    redraw: () => parts.forEach((part) => part.paint()),
    // Whether a panel is the second with that colour, in the same plots.
    isSecond: (part) => pair.isOne() && parts[0] !== undefined && part === parts[1] && colourOf(part) === colourOf(parts[0]),
    // What a panel's plots show: both schedules, its own, or nothing.
    series(part) {
      if (!pair.isOne()) return [part.series()];
      if (part !== parts[0]) return [];
      return parts.filter((other) => other?.series()).map((other) => ({ ...other.series(), second: pair.isSecond(other) }));
    },
  };
  return pair;
}
