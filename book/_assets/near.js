// What is heavy is fetched when a reader comes near what needs it, or prints: a script of the type
// "near" names in data-near the elements that wait for it.
(() => {
  const waiting = new Map(); // from an element to the script that it waits for
  const start = (script) => {
    if (!script.isConnected) return;
    script.replaceWith(Object.assign(document.createElement("script"), { src: script.src }));
    for (const [element, other] of waiting) if (other === script) near.unobserve(element);
  };
  // Within half a screen of the window.
  const near = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && start(waiting.get(entry.target))),
    { rootMargin: "50%" },
  );
  const scripts = document.querySelectorAll('script[type="near"]');
  for (const script of scripts) {
    for (const element of document.querySelectorAll(script.dataset.near)) {
      const place = element.matches("script") ? offer(element.previousElementSibling, script) : element;
      waiting.set(place, script);
      near.observe(place);
    }
  }
  addEventListener("beforeprint", () => scripts.forEach(start));

  // Put a panel's place within reach of a keyboard and a screen reader.
  function offer(place, script) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Show the panel" });
    button.addEventListener("click", () => start(script));
    place.append(button);
    return place;
  }
})();
