// As much of a document as the parts of a panel ask for: elements that remember what they are told.
class Element {
  constructor(name) {
    this.name = name;
    this.attributes = {};
    this.children = [];
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

// The children of a class, or those of a kind: their attributes.
export const marks = (plot, ...classes) =>
  plot.children
    .filter(({ attributes }) => classes.every((c) => attributes.class?.split(" ").includes(c)))
    .map(({ attributes }) => attributes);

export const labels = (plot) => plot.children.filter(({ name }) => name === "text").map((e) => e.children.join(""));

// The points of a path, as [x, y].
export const points = (d) => [...d.matchAll(/[ML](\S+) ([^ML]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
