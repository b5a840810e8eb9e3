// One training, update by update, as lrbook/training/loop.py does it; it knows of no page.
import { BATCH, UPDATES } from "./network.js";
import { Random } from "./random.js";

const LN_10 = Math.log(10); // the cross-entropy of a guess among ten classes
const SEEN = UPDATES * BATCH; // images an epoch

// Why a run is dead after an epoch, in plain words, or "" for a living one: _why_dead of loop.py
// once more; a test holds the two together.
export function whyDead(loss, accuracy, spread) {
  if (!(Number.isFinite(loss) && Number.isFinite(spread))) return "the loss is no longer a finite number";
  const guessing = loss > LN_10 - 0.02 && accuracy < 0.12;
  if (spread === 0 || (guessing && spread < 0.1)) return "it gives every image the same answer: loss ln 10 = 2.303, accuracy 0.1";
  return "";
}

// Time 0 is the first update. A jump that an update falls on has happened, although what was added
// up to its time may be a little more than the update's: lrbook.schedules' PerUpdate has the same.
const timeOf = (update) => (update / UPDATES) * (1 + 1e-12);

function check(name, value, allowed, good) {
  if (!good) throw new RangeError(`${name} must be ${allowed}, not ${value}`);
}

export class Training {
  // Start anew: `rate` gives the learning rate at a time in epochs, `seed` draws the weights and
  // the orders of the images. What a run of lrbook's stores holds has its name here.
  constructor(network, { rate, seed, epochs, momentum = 0 }) {
    check("seed", seed, "a whole number in [0, 2**32)", Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
    check("epochs", epochs, "a whole number in [1, ∞)", Number.isInteger(epochs) && epochs >= 1);
    check("momentum", momentum, "a number in [0, 1)", momentum >= 0 && momentum < 1);
    Object.assign(this, { network, rate, seed, epochs, momentum });
    Object.assign(this, { train_loss: [], train_acc: [], test_acc: [], lr: [], died: null, reason: "" });
    this.random = new Random(seed);
    network.initialize(this.random);
    this.kept = []; // by how many epochs were done: what it takes to go on from there
    this.begin();
  }

  // How many updates are made; a multiple of UPDATES between two epochs.
  get updates() {
    return this.lr.length;
  }

  get ended() {
    return this.died !== null || this.test_acc.length === this.epochs;
  }

  // Before an epoch: keep everything, draw the order.
  begin() {
    const { weights, velocities } = this.network;
    const still = this.momentum === 0;
    this.kept.push({ weights: weights.slice(), velocities: still ? null : velocities.slice(), words: this.random.words.slice() });
    this.network.draw(this.random);
    this.loss = this.hits = 0;
  }

  // Make one update; return its number (1 is the first), its learning rate and its minibatch's
  // mean loss.
  update() {
    if (this.ended) throw new Error("this training has ended");
    const lr = this.rate(timeOf(this.updates));
    const { loss, hits } = this.network.update(this.updates % UPDATES, lr, this.momentum);
    this.lr.push(lr);
    this.loss += loss;
    this.hits += hits;
    if (this.updates % UPDATES === 0) this.finish();
    return { update: this.updates, lr, loss: loss / BATCH };
  }

  // After an epoch: its results, and whether the run is dead.
  finish() {
    const { accuracy, spread } = this.network.test();
    this.train_loss.push(this.loss / SEEN);
    this.train_acc.push(this.hits / SEEN);
    this.test_acc.push(accuracy);
    this.reason = whyDead(this.loss / SEEN, this.hits / SEEN, spread);
    if (this.reason) this.died = this.test_acc.length;
    if (!this.ended) this.begin();
  }

  // Go back to after an epoch (0 is the start), as if nothing had come after it.
  returnTo(epoch) {
    const last = this.kept.length - 1;
    check("epoch", epoch, `a whole number in [0, ${last}]`, Number.isInteger(epoch) && epoch >= 0 && epoch <= last);
    const { weights, velocities, words } = this.kept[epoch];
    this.network.weights.set(weights);
    if (velocities) this.network.velocities.set(velocities);
    this.random.words.set(words);
    this.kept.length = epoch;
    for (const name of ["train_loss", "train_acc", "test_acc"]) this[name].length = epoch;
    this.lr.length = epoch * UPDATES;
    [this.died, this.reason] = [null, ""];
    this.begin();
  }
}
