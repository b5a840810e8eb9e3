// A question in a notebook. Its script is stored once, in the widget that all questions share.
async function render({ model, el }) {
  const script = await model.widget_manager.get_model(model.get("script").slice("IPY_MODEL_".length));
  script.module ??= import(URL.createObjectURL(new Blob([script.get("_esm")], { type: "text/javascript" })));
  const { enliven } = await script.module;
  el.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys and Enter
  el.innerHTML = model.get("html");
  enliven(el.firstElementChild);
}

export default { render };
