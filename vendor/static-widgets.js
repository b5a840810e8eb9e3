// A widget manager with no kernel behind it: the core widgets and anywidget, nothing else.
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import { Widget } from "@lumino/widgets";
import "@jupyter-widgets/controls/css/widgets-base.css";
import "@jupyter-widgets/controls/css/labvariables.css";
import anywidgetFactory from "virtual:anywidget";

const MODULES = {
  "@jupyter-widgets/base": base,
  "@jupyter-widgets/controls": controls,
  anywidget: anywidgetFactory(base),
};

const stylesheet = document.createElement("link");
stylesheet.rel = "stylesheet";
stylesheet.href = document.currentScript.src.replace(/\.js(\?.*)?$/, ".css");
document.head.append(stylesheet);

// ipywidgets typesets labels with MathJax 2, which is not on the page.
controls.DescriptionView.prototype.typeset = (element, text) => {
  if (text !== undefined) element.textContent = text;
};

class StaticManager extends ManagerBase {
  async _get_comm_info() {
    return {};
  }

  async _create_comm() {
    const ignore = () => {};
    return { on_close: ignore, on_msg: ignore, close: ignore, send: ignore };
  }

  async loadClass(className, moduleName) {
    const found = MODULES[moduleName]?.[className];
    if (!found) throw new Error(`no widget class ${moduleName}.${className} on this page`);
    return found;
  }
}

const tags = (kind) =>
  document.querySelectorAll(`script[type="application/vnd.jupyter.widget-${kind}+json"]`);

// Models that refer to one another, directly or through a link, make a group with a manager of its
// own, so that damage to one panel leaves the page's others alone.
function groups(state) {
  const neighbours = Object.fromEntries(Object.keys(state).map((id) => [id, []]));
  for (const id in state) {
    for (const [other] of JSON.stringify(state[id]).matchAll(/(?<=IPY_MODEL_)[\w-]+/g)) {
      neighbours[id].push(other);
      neighbours[other]?.push(id);
    }
  }
  const grouped = new Set();
  return Object.keys(state).flatMap((id) => {
    if (grouped.has(id)) return [];
    const group = new Set([id]);
    for (const member of group) neighbours[member]?.forEach((other) => group.add(other));
    group.forEach((member) => grouped.add(member));
    return [group];
  });
}

async function load(page, group) {
  const lost = [...group].filter((id) => !(id in page.state));
  if (lost.length) throw new Error(`${lost.length} part(s) of its stored state are missing`);
  const state = Object.fromEntries([...group].map((id) => [id, page.state[id]]));
  const manager = new StaticManager();
  // set_state would put a box with a stack trace in the place of a model that it can't make.
  const classes = Object.values(state).map((m) => manager.loadClass(m.model_name, m.model_module));
  await Promise.all(classes);
  return { manager, models: await manager.set_state({ ...page, state }) };
}

// Map each model's id to the promise of its group.
function loadAll() {
  const loaded = new Map();
  for (const tag of tags("state")) {
    const page = JSON.parse(tag.textContent);
    for (const group of groups(page.state)) {
      const promise = load(page, group);
      promise.catch(() => {}); // each view of the group reports it
      group.forEach((id) => loaded.set(id, promise));
    }
  }
  return loaded;
}

async function show(view, loaded) {
  const place = view.previousElementSibling; // near.js has made it
  try {
    const id = JSON.parse(view.textContent).model_id;
    const { manager, models } = (await (await loaded).get(id)) ?? {};
    if (!manager) throw new Error("its stored state is missing");
    const { luminoWidget } = await manager.create_view(models.find((m) => m.model_id === id));
    clear(place);
    Widget.attach(luminoWidget, place);
  } catch (error) {
    console.error(error);
    const line = document.createElement("p");
    line.className = "widget-problem";
    line.setAttribute("role", "alert");
    line.textContent = `This panel could not start: ${error.message}. The rest of the page works.`;
    clear(place);
    place.append(line);
  }
}

// Take the button away; who is on it stays at the panel.
function clear(place) {
  if (place.contains(document.activeElement)) {
    place.tabIndex = -1;
    place.focus();
  }
  place.replaceChildren();
}

function start() {
  const loaded = new Promise((resolve) => resolve(loadAll()));
  for (const view of tags("view")) show(view, loaded);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
