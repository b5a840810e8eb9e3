// A question in a notebook. Its script is stored once, in the widget that all questions share.
async function render({ model, el }) {
  const script = await model.widget_manager.get_model(model.get("script").slice("IPY_MODEL_".length));
  script.lrbookQuestions ??= import(URL.createObjectURL(new Blob([script.get("_esm")], { type: "text/javascript" })));
  const { enliven } = await script.lrbookQuestions;
  // Else JupyterLab takes the arrow keys and Enter, and the focus.
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
  el.innerHTML = model.get("html");
  enliven(el.firstElementChild);
}

export default { render };
