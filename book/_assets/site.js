// What Sphinx leaves undone for readers who use a keyboard or a screen reader.

// A list has list items: "doc-biblioentry" is no longer one of them.
addEventListener("DOMContentLoaded", () => {
  for (const entry of document.querySelectorAll(".citation-list > [role]")) entry.setAttribute("role", "listitem");
});

// What scrolls sideways says so: its edge fades where more of it lies. A table is a named region that
// the keyboard reaches; the theme does as much for code.
function showEdges(box) {
  const right = box.scrollWidth - box.clientWidth - box.scrollLeft;
  box.classList.toggle("more-before", box.scrollLeft > 1);
  box.classList.toggle("more-after", right > 1);
}

function reachTables() {
  for (const box of document.querySelectorAll(".pst-scrollable-table-container, .columns pre")) {
    if (box.scrollWidth > box.clientWidth) {
      const title = box.closest("section")?.querySelector("h1, h2, h3")?.firstChild.textContent;
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", `Table that scrolls sideways: ${title}`);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
  for (const box of document.querySelectorAll(".pst-scrollable-table-container, .columns pre, .highlight pre")) {
    showEdges(box);
    box.onscroll = () => showEdges(box);
  }
}
addEventListener("load", reachTables);
addEventListener("resize", reachTables);
// A table in a closed fold has no width yet.
addEventListener("toggle", reachTables, true);
