// A schedule's parameters, whatever their order and however a warmup of no epochs is written.
const NO_WARMUP = { duration: 0, start_lr: 0, mode: "linear" };

// A warmup of no epochs is none, wherever it starts.
export const complete = (p) => (p.duration ? p : { ...p, ...NO_WARMUP });
export const inOrder = (p) => Object.fromEntries(Object.entries(p).sort(([a], [b]) => (a < b ? -1 : 1)));
