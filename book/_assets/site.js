// What Sphinx leaves undone for readers who use a keyboard or a screen reader.

// A list has list items: "doc-biblioentry" is no longer one of them.
addEventListener("DOMContentLoaded", () => {
  for (const entry of document.querySelectorAll(".citation-list > [role]")) entry.setAttribute("role", "listitem");
});

// A table that scrolls sideways can be scrolled from the keyboard.
function reachTables() {
  for (const box of document.querySelectorAll(".pst-scrollable-table-container")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reachTables);
addEventListener("resize", reachTables);
