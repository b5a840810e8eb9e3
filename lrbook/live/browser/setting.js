// A schedule's parameters, whatever their order and however a warmup of no epochs is written.
const NO_WARMUP = { duration: 0, start_lr: 0, mode: "linear" };

// A warmup of no epochs is none, wherever it starts. What has no warmup may have parameters of the
// same names.
export function complete(p) {
  if (!("duration" in p)) return { ...NO_WARMUP, ...p };
  return p.duration ? p : { ...p, ...NO_WARMUP };
}
export const inOrder = (p) => Object.fromEntries(Object.entries(p).sort(([a], [b]) => (a < b ? -1 : 1)));

// What has no say beside the other parameters, and the value that it has then: only in one of its
// modes do triangles have a factor.
export const idle = (kind, { mode }) => (kind === "Triangular" && mode !== "exponential" ? { factor: 1 } : {});
