// The worker that trains in the reader's page. It is made at the first start, and rests while nobody
// looks.
const UNREACHABLE = "the engine can't be loaded; are you online?";
const folder = () => new URL(`${document.documentElement.dataset.content_root}_static/engine/`, document.baseURI).href;
const rounded = (loss) => (Number.isFinite(loss) ? loss.toFixed(3) : "not a number");

export const FETCHING = "Fetching 10,000 images (5 MB) …";
export const problemWords = (problem) => `It can't train here: ${problem}${problem.endsWith("?") ? "" : "."}`;

// How far a run is, and how long it takes to its end.
export function progressWords({ seed, epochs, train_loss, test_acc, died, seconds }) {
  const done = test_acc.length;
  const last = `train loss ${rounded(train_loss.at(-1))}, test accuracy ${test_acc.at(-1).toFixed(3)}`;
  let words = `Seed ${seed}, epoch ${done} of ${epochs} in this page: ${last}.`;
  if (died) words += ` It died after epoch ${died}.`;
  else if (done < epochs) words += ` About ${Math.ceil((seconds / done) * (epochs - done))} s left.`;
  return words;
}

// Beside the scripts of a page of the site.
const onSite = () => ({ script: `${folder()}worker.js`, data: folder() });

// `hear` is told what the worker answers (see engine/protocol.js), but for a rest that nobody saw;
// `place` says at a start where its script and its data are.
export function pageWorker(hear, place = onSite) {
  let worker, state = "idle";
  let hidden = false; // paused because nobody looks
  let fetched = false; // the images, by this worker
  let going = "resume"; // what it was told last: to train on, or to the end of an epoch

  function answer({ data }) {
    const next = data.state;
    if (next) state = next;
    if (!(hidden && next === "paused")) hear(data);
    if (next === "training") {
      fetched = true;
      if (document.hidden) rest();
    }
  }

  function fail(problem) {
    state = "idle";
    hear({ state, problem });
  }

  function make() {
    const made = new Worker(place().script);
    made.onmessage = answer;
    made.onerror = (event) => {
      event.preventDefault();
      made.terminate();
      worker = undefined;
      fetched = false;
      fail(UNREACHABLE);
    };
    return made;
  }

  // Who looks at another tab wants the processor for it.
  function rest() {
    hidden = true;
    worker.postMessage({ do: "pause" });
  }
  const onVisibility = () => {
    if (document.hidden && state === "training") rest();
    else if (!document.hidden && hidden) {
      hidden = false;
      worker?.postMessage({ do: going });
    }
  };
  document.addEventListener("visibilitychange", onVisibility);

  return {
    get state() {
      return state;
    },
    get fetched() {
      return fetched;
    },
    start(setting) {
      [hidden, going] = [false, "resume"];
      try {
        worker ??= make();
      } catch {
        return fail("this browser has no workers");
      }
      worker.postMessage({ do: "start", data: place().data, ...setting });
    },
    tell(message) {
      if (message.do === "epoch" || message.do === "resume") going = message.do;
      worker?.postMessage(message);
    },
    close() {
      document.removeEventListener("visibilitychange", onVisibility);
      worker?.terminate();
    },
  };
}
