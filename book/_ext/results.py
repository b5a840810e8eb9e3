"""Sphinx directives and a role: what the recorded runs say today."""

import os
from pathlib import Path

import case_figures
import rates_figures
import results_alt
import results_data
import results_figures
import results_tables
import results_text
from docutils import nodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

# What is drawn, what it says to those who don't see it, and what has come of its runs so far.
FIGURES = {
    "answers": (results_figures.answers, results_alt.answers, "recorded"),
    "arms": (results_figures.arms, results_alt.arms, "recorded"),
    "rates": (rates_figures.rates, results_alt.rates, "rates recorded"),
    "alive": (rates_figures.alive, results_alt.alive, "deaths recorded"),
    "dead": (rates_figures.dead, results_alt.dead, "deaths recorded"),
    "case": (case_figures.case, case_figures.alt, "recorded"),
    "atlas": (rates_figures.atlas, results_alt.atlas, "atlas runs"),
}


def load(env):
    """Return the results; the page that is being read depends on their files."""
    stores = (f"{name}.jsonl" for name in (*results_data.PLANS, results_data.PAGE))
    for name in (*results_data.FILES, *stores):
        if (path := Path(env.srcdir, "runs", name)).exists():
            env.note_dependency(str(path))
    return results_data.read(env.srcdir)


class _StudyDirective(SphinxDirective):
    """What shows a part of the results that its argument names, with a measure if one."""

    required_arguments = 1
    final_argument_whitespace = True

    def asked(self, known):
        """Return the name and what follows it; a name that isn't `known` is an error."""
        name, *rest = self.arguments[0].split()
        if name not in known:
            raise self.error(f"{name!r} is none of {', '.join(known)}")
        return name, rest


class StudyTable(_StudyDirective):
    """The table or list that the argument names, one of `results_tables.TABLES`."""

    def run(self):
        """Return it; an unknown name is an error."""
        name, rest = self.asked(results_tables.TABLES)
        return self.parse_text_to_nodes(results_tables.TABLES[name](load(self.env), *rest))


class StudyFigure(_StudyDirective):
    """The figure that the argument names, one of `FIGURES`, or 'arms' and a measure."""

    def run(self):
        """Return it as an output of code, or say that its runs aren't complete yet."""
        name, rest = self.asked(FIGURES)
        data = load(self.env)
        draw, alt, progress = FIGURES[name]
        file = Path(self.env.doctreedir, "results", "-".join(["study", name, *rest]) + ".svg")
        file.parent.mkdir(parents=True, exist_ok=True)
        if not results_figures.draw(file, draw, data, *rest):
            said = f"The figure comes with its runs: {results_text.phrase(data, progress)}."
            return self.parse_text_to_nodes(f"*{said}*")
        # Sphinx takes an image from anywhere, by its path from the source folder.
        image = nodes.image(
            uri="/" + Path(os.path.relpath(file, self.env.srcdir)).as_posix(),
            alt=alt(data, *rest),
        )
        output = nodes.container("", image, classes=["cell_output"])
        return [nodes.container("", output, classes=["cell"])]


class StudyDownloads(SphinxDirective):
    """Links to the tables as CSV files, which the end of the build writes."""

    def run(self):
        """Return a list of links."""
        load(self.env)
        root = "../" * self.env.docname.count("/")
        items = []
        for name, (text, _) in results_tables.DOWNLOADS.items():
            link = nodes.reference("", name, refuri=f"{root}_downloads/{name}", internal=True)
            items.append(
                nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f": {text}")))
            )
        return [nodes.bullet_list("", *items)]


class StudyRole(SphinxRole):
    """A number or a verdict in a sentence; `results_text.phrase` tells what can be asked."""

    def run(self):
        """Return it as text; a question that has no answer is an error."""
        try:
            return [nodes.Text(results_text.phrase(load(self.env), self.text))], []
        except ValueError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]


def write_downloads(app, exception):
    """Write the CSV files beside the built pages."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_downloads")
    folder.mkdir(exist_ok=True)
    data = results_data.read(app.srcdir)
    for name, (_, table) in results_tables.DOWNLOADS.items():
        text = table(data).to_csv(index=False, float_format="%.6g", lineterminator="\n")
        (folder / name).write_text(text, "utf-8", newline="")


def setup(app):
    """Register the directives, the role and the files."""
    app.add_directive("study-table", StudyTable)
    app.add_directive("study-figure", StudyFigure)
    app.add_directive("study-downloads", StudyDownloads)
    app.add_role("study", StudyRole())
    app.connect("builder-inited", lambda app: results_data.read.cache_clear())
    app.connect("build-finished", write_downloads)
    return {"parallel_read_safe": True}
