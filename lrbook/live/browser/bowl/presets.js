// The settings of the introduction's text, each with a sentence that says what it shows.
// tests/js/bowl.test.js holds every sentence to the mathematics.
const plain = { shape: "even", kappa: 10, noise: 0, start: [3, 1], schedule: "constant", num_updates: 20 };
const flat = { ...plain, start: [1, 1], num_updates: 250 };
const noisy = { ...plain, noise: 1, num_updates: 1000 };
const long = { ...noisy, lr: 0.1, num_updates: 10000 };
const steep = { ...plain, shape: "steep", start: [3, 4], num_updates: 150 };

export const PRESETS = [
  {
    title: "Magnitude",
    rows: [
      ["lr 0.01", { ...plain, lr: 0.01 }, "The path is smooth, and has hardly moved along w₁ when its 20 updates run out."],
      ["lr 0.15", { ...plain, lr: 0.15 }, "Each update overshoots w₂ and lands closer, and the loss is nearly gone."],
      ["lr 0.202", { ...plain, lr: 0.202 }, "The limit is 2/λ₂ = 0.2: each overshoot is larger than the last, although w₁ does fine."],
    ],
  },
  {
    title: "The condition number",
    rows: [
      ["κ = 10", { ...flat, lr: 2 / 11 }, "The best constant rate is 2/(λ₁ + λ₂), and takes 23 updates to 1% of the distance."],
      ["κ = 100", { ...flat, kappa: 100, lr: 2 / 10.1 }, "The flat direction is ten times flatter: 231 updates, at a rate closer to the limit."],
    ],
  },
  {
    title: "Noise",
    rows: [
      ["lr 0.1 with noise", { ...noisy, lr: 0.1 }, "The loss is at its floor first, and this floor is the highest: 0.076."],
      ["lr 0.03 with noise", { ...noisy, lr: 0.03 }, "Less than a third of the rate: a floor of 0.016, and a longer wait."],
      ["lr 0.01 with noise", { ...noisy, lr: 0.01 }, "A tenth of the rate: the lowest floor, 0.005, and the longest wait."],
    ],
  },
  {
    title: "Decay",
    rows: [
      ["p = 2, κ = 10", { ...long, schedule: "p = 2" }, "On the shorter bowl faster is better, all the way to p = 2."],
      ["p = 2, κ = 1000", { ...long, schedule: "p = 2", kappa: 1000 }, "In the long valley it freezes: its rates sum to 10, and 90% of the way along w₁ is left for ever."],
      ["factor, κ = 1000", { ...long, schedule: "factor", kappa: 1000 }, "Half the rate every epoch freezes as well: these rates sum to 14.5, and 87% is left."],
      ["p = 1/2, κ = 1000", { ...long, schedule: "square root", kappa: 1000 }, "The slow decay keeps moving, and ends below p = 1 and p = 2."],
    ],
  },
  {
    title: "Warmup",
    rows: [
      ["constant 0.5", { ...steep, lr: 0.5 }, "The first update throws the weights up the wall, and the third out of the bowl."],
      ["constant 0.05", { ...steep, lr: 0.05 }, "It is safe, and slow along the flat w₁."],
      ["warmup to 0.5", { ...steep, lr: 0.5, schedule: "warmup" }, "It takes the steep part while the rate is small, and ends lowest."],
    ],
  },
];
