// The reader's own runs, kept in the browser's IndexedDB for every panel of the site.
import { complete, inOrder } from "./setting.js";

const promised = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function open() {
  const request = indexedDB.open("lrbook", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("runs", { keyPath: "key" });
  return promised(request);
}

const name = (kind, p) => JSON.stringify([kind, inOrder(complete(p))]);

class Kept extends EventTarget {
  runs = []; // each { key, kind, p, run, record }, oldest first
  lasting = true; // whether they survive a reload

  constructor() {
    super();
    this.ready = open().then(async (database) => {
      this.database = database;
      this.runs = await promised(this.store("readonly").getAll());
      this.runs.sort((a, b) => (a.record.date < b.record.date ? -1 : 1));
      this.tell();
    }).catch(() => (this.lasting = false));
  }

  store(mode) {
    return this.database.transaction("runs", mode).objectStore("runs");
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  // The runs of a setting.
  of(kind, p) {
    return this.runs.filter((entry) => name(entry.kind, entry.p) === name(kind, p));
  }

  // A repeated run is the same run: it has the same key.
  async add({ kind, p, run, record }) {
    const entry = { key: record.key, kind, p, run, record };
    this.runs = [...this.runs.filter(({ key }) => key !== entry.key), entry];
    this.tell();
    await this.write((store) => store.put(entry));
  }

  async remove(key) {
    this.runs = this.runs.filter((entry) => entry.key !== key);
    this.tell();
    await this.write((store) => store.delete(key));
  }

  async write(request) {
    await this.ready;
    try {
      await promised(request(this.store("readwrite")));
    } catch {
      this.lasting = false; // a full disk, a private window
      this.tell();
    }
  }
}

// One for all panels of a page.
export const keptRuns = () => (globalThis.lrbookKept ??= new Kept());

// A list of some of the reader's runs, each with what it takes to remove it, and a download of all.
// `draw` fills it; `name` says in words which run one is, `more` gives it more buttons.
export function keptList(kept, name = ({ run }) => `your run with seed ${run.seed}`, more = () => []) {
  const box = Object.assign(document.createElement("div"), { className: "lr-kept", hidden: true });
  const list = document.createElement("ul"), save = document.createElement("button"), note = document.createElement("p");
  save.type = "button";
  save.onclick = () => download(kept.runs.map(({ record }) => JSON.stringify(record)).join("\n"));
  box.append(list, save, note);

  function item(entry) {
    const { key, run } = entry, called = name(entry);
    const end = run.died ? `died after epoch ${run.died}` : `test accuracy ${run.test.at(-1).toFixed(3)}`;
    const line = document.createElement("li"), remove = document.createElement("button");
    Object.assign(remove, { type: "button", textContent: "Remove", onclick: () => kept.remove(key) });
    remove.setAttribute("aria-label", `Remove ${called}`);
    line.append(`${called[0].toUpperCase()}${called.slice(1)}: ${end}. `, ...more(entry), remove);
    return line;
  }

  box.draw = (mine) => {
    list.replaceChildren(...mine.map(item));
    box.hidden = kept.runs.length === 0;
    save.textContent = `Download your runs (${kept.runs.length})`;
    note.textContent = kept.lasting ? "" : "This browser doesn't keep your runs: they are gone when you leave the page.";
  };
  return box;
}

function download(text) {
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/jsonl" }));
  Object.assign(document.createElement("a"), { href: address, download: "page_runs.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
