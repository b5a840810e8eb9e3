"""Sphinx directives of the status page: what the notebooks and the lock file say today."""

import json
import re
from pathlib import Path

from sphinx.util.docutils import SphinxDirective


class NotebookRuns(SphinxDirective):
    """A table of the notebooks, in reading order: Python, processor and time of the full run."""

    def run(self):
        """Return the table, from the `lrbook` metadata that the notebooks carry."""
        rows = []
        for document in self.env.external_site_map:
            path = Path(self.env.doc2path(document))
            if path.suffix == ".ipynb":
                self.env.note_dependency(str(path))
                rows.append(self._row(f"/{document}.ipynb", json.loads(path.read_text("utf-8"))))
        return self.parse_text_to_nodes(
            "| chapter | time | Python | processor |\n|---|---:|---|---|\n" + "".join(rows)
        )

    def _row(self, link, notebook):
        run = notebook["metadata"].get("lrbook")
        if run is None:
            return f"| [](<{link}>) | not run yet | | |\n"
        return f"| [](<{link}>) | {_time(run['seconds'])} | {run['python']} | {run['device']} |\n"


class LockedVersions(SphinxDirective):
    """A table of the versions of the packages that the directive's lines name."""

    has_content = True

    def run(self):
        """Return the table, from the lock file; a package that isn't locked is an error."""
        path = Path(self.env.srcdir, "requirements.txt")
        self.env.note_dependency(str(path))
        pins = re.findall(r"^([\w.-]+)==([\w.+!]+)", path.read_text("utf-8"), re.MULTILINE)
        rows = []
        for package in self.content:
            # One package may have a version for each Python.
            versions = dict.fromkeys(version for name, version in pins if name == package)
            if not versions:
                raise self.error(f"{package} isn't in requirements.txt")
            rows.append(f"| {package} | {', '.join(versions)} |\n")
        return self.parse_text_to_nodes("| package | version |\n|---|---|\n" + "".join(rows))


def _time(seconds):
    return f"{seconds}\u00a0s" if seconds < 120 else f"{seconds / 60:.0f}\u00a0min"


def setup(app):
    """Register the directives."""
    app.add_directive("notebook-runs", NotebookRuns)
    app.add_directive("locked-versions", LockedVersions)
    return {"parallel_read_safe": True}
