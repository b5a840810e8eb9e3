// The formulas of lrbook/schedules/ once more, for the browser; a test holds the two together.
const clip = (x) => Math.min(Math.max(x, 0), 1);
const between = (p, left) => p.final_lr + (p.base_lr - p.final_lr) * left;

const schedules = {
  Constant: (t, p) => p.base_lr,
  SquareRoot: (t, p) => p.base_lr / Math.sqrt(t + 1),
  Polynomial: (t, p) => between(p, clip(1 - t / p.horizon) ** p.power),
  Factor: (t, p) => Math.max(p.final_lr, p.base_lr * p.factor ** t),
  MultiFactor: (t, p) => p.base_lr * p.factor ** p.milestones.filter((s) => s <= t).length,
  Cosine: (t, p) => between(p, (1 + Math.cos(Math.PI * clip(t / p.horizon))) / 2),
};

// The learning rate at time t (in epochs, finite) of a kind of schedule with parameters p, after
// a warmup of p.duration epochs.
export function rate(kind, p, t) {
  const { duration = 0, start_lr = 0, mode = "linear" } = p;
  if (t >= duration) return schedules[kind](t - duration, p);
  const done = mode === "linear" ? t / duration : 0;
  return start_lr + (schedules[kind](0, p) - start_lr) * done;
}
