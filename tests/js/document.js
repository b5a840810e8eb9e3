// As much of a document as the parts of a panel ask for: elements that remember what they are told.
class Element {
  constructor(name) {
    this.name = name;
    this.attributes = {};
    this.children = [];
    this.style = { setProperty: (key, value) => (this.style[key] = String(value)) };
    this.heard = {};
  }
  addEventListener(name, callback) {
    this.heard[name] = callback;
  }
  setAttribute(key, value) {
    this.attributes[key] = String(value);
  }
  removeAttribute(key) {
    delete this.attributes[key];
    delete this[key];
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
}

export const makeDocument = (dataset = {}) => ({
  baseURI: "https://example.org/book/chapters/cosine.html",
  documentElement: { dataset },
  createElement: (name) => new Element(name),
  createElementNS: (_, name) => new Element(name),
});

// What lies within an element, whatever stands around it.
export const within = (element) => element.children.flatMap((child) => (child.children ? [child, ...within(child)] : []));

// Those of a class: their attributes.
export const marks = (plot, ...classes) =>
  within(plot)
    .filter(({ attributes }) => classes.every((c) => attributes.class?.split(" ").includes(c)))
    .map(({ attributes }) => attributes);

export const labels = (plot) => within(plot).filter(({ name }) => name === "text").map((e) => e.children.join(""));

// The points of a path, as [x, y].
export const points = (d) => [...d.matchAll(/[ML](\S+) ([^ML]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
