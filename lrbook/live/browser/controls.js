// The panel's controls are other widgets, which come and go in their own time: show those of the
// chosen schedule, let them stop where they should, and give handles and readouts the names that
// ipywidgets leaves out.
import { setStops } from "./stops.js";

const put = (element, key, value) => element.getAttribute(key) === value || element.setAttribute(key, value);

// `changed` is called when controls have come or gone.
export function tendControls(panel, changed) {
  let stops = {}; // of each trait that is shown: its `values` if these alone are offered, …
  const tendAll = () => panel.querySelectorAll(".lr-control").forEach(tend);
  const watcher = new MutationObserver(() => {
    tendAll();
    changed();
  });
  watcher.observe(panel, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });

  function tend(control) {
    const trait = Object.keys(stops).find((name) => control.classList.contains(`lr-${name}`));
    // Of one value there is nothing to choose.
    control.hidden = !control.classList.contains("lr-choice") && (!trait || stops[trait].values?.length === 1);
    const [label, handle, readout] = [".widget-label", ".noUi-handle", ".widget-readout"].map((part) => control.querySelector(part));
    if (!readout) return;
    put(handle, "aria-label", label.textContent);
    put(handle, "aria-valuetext", readout.textContent);
    put(readout, "aria-label", label.textContent);
    put(readout, "role", "textbox");
    const slider = control.querySelector(".noUi-target")?.noUiSlider;
    if (slider && trait && !control.hidden) setStops(slider, stops[trait]);
  }

  return {
    show(offered) {
      stops = offered;
      tendAll();
    },
    // Whether each control that is to be shown is there.
    areThere: () => Object.keys(stops).every((name) => panel.querySelector(`.lr-control.lr-${name} :is(.noUi-handle, select)`)),
    close: () => watcher.disconnect(),
  };
}
