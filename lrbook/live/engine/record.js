// A run of the page as a line of a store of runs: what lrbook/runs/record.py writes, once more.
const POLICIES = {
  Constant: "constant",
  SquareRoot: "square_root",
  Polynomial: "polynomial",
  Factor: "factor",
  MultiFactor: "multi_factor",
  Cosine: "cosine",
  WarmupStableDecay: "warmup_stable_decay",
  InverseSquareRoot: "inverse_square_root",
  Triangular: "triangular",
  Restarts: "restarts",
  OneCycle: "one_cycle",
  Table: "table",
  ByHand: "by_hand",
};
const WARMUP = ["duration", "start_lr", "mode"];
const only = (p, wanted) => Object.fromEntries(Object.entries(p).filter(([name]) => wanted(name)));

// The experiment as lrbook.runs.experiments has it; momentum is said only where there is some.
function experimentOf(kind, p, { seed, epochs, data, batch_size, last_batch, momentum }) {
  return {
    policy: POLICIES[kind],
    ...("duration" in p ? only(p, (name) => !WARMUP.includes(name)) : p),
    ...(p.duration ? { warmup: only(p, (name) => WARMUP.includes(name)) } : {}),
    ...{ seed, data, num_epochs: epochs, batch_size, last_batch },
    ...(momentum ? { momentum } : {}),
  };
}

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

// Numbers as lrbook.runs.store packs them: little-endian float64, zlib, Base64.
async function pack(numbers) {
  const view = new DataView(new ArrayBuffer(8 * numbers.length));
  numbers.forEach((x, i) => view.setFloat64(8 * i, x, true));
  const stream = new Blob([view]).stream().pipeThrough(new CompressionStream("deflate"));
  return base64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

async function sha256(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Return the record of a run that has just ended: `kind` and `p` are its schedule's, `code` is the
// hash of all that trains. A rate that was moved by hand stands in its `lr` alone.
export async function recordOf({ kind, p, run, code }) {
  const { epochs, momentum, lr, ...rest } = run;
  const date = new Date().toISOString();
  const n = run.updates_per_epoch;
  const experiment = experimentOf(kind, p, run);
  const policy = experiment.policy.replaceAll("_", "-");
  return {
    schema: 1,
    key: await sha256(JSON.stringify({ ...experiment, code, lr })),
    experiment,
    name: `${experiment.warmup ? "warmup " : ""}${policy} ${p.max_lr ?? p.base_lr ?? ""}, seed ${run.seed}, in the page`.replace(" ,", ","),
    ...rest,
    device: "page",
    train_loss: run.train_loss.map((loss) => (Number.isFinite(loss) ? loss : null)),
    last_test_acc: run.train_loss.map(() => []),
    interrupted: false,
    lr: await pack(lr),
    batch_sizes: await pack(lr.map(() => run.batch_size)),
    lr_start: lr.filter((_, i) => i % n === 0),
    lr_end: lr.filter((_, i) => i % n === n - 1),
    date,
    hardware: navigator.userAgent,
    code,
    versions: {},
  };
}
