"""Sphinx directives: schedules in other frameworks, from files that tests run, and what differs."""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lrbook.frameworks import ask, compare
from lrbook.frameworks.conventions import CONVENTIONS

# In the order of their tabs.
NAMES = {
    "pytorch": "PyTorch",
    "optax": "JAX (Optax)",
    "keras": "Keras",
    "transformers": "Transformers",
    "mxnet": "MXNet",
}
PACKAGES = {"torch": "PyTorch", "jax": "JAX", "optax": "Optax", "keras": "Keras"}
PACKAGES |= {"transformers": "Transformers", "mxnet": "MXNet"}
POLICIES = {
    "square_root": "SquareRoot",
    "factor": "Factor",
    "multi_factor": "MultiFactor",
    "polynomial": "Polynomial",
    "cosine": "Cosine",
    "warmup_cosine": "Warmup",
    "warmup_stable_decay": "WarmupStableDecay",
}
# What a reader wrote, in words; the first is what all meant.
FAULTS = {
    "meant": "Stepped after each update",
    "wrong_loop": "Stepped once an epoch",
    "wrong_clock": "A horizon in epochs",
    "before_the_optimizer": "Before the optimizer",
    "resumed_without_state": "Resumed without its state",
    "last_minibatch": "Small minibatch kept",
}


def _examples(group, files):
    """Return MyST text of tabs with files, each (title, key, path); a group switches as one."""
    tabs = "".join(
        f":::{{tab-item}} {title}\n:sync: {key}\n\n"
        f"```{{literalinclude}} /{path}\n:language: python\n```\n:::\n"
        for title, key, path in files
    )
    return f"::::{{tab-set}}\n:sync-group: {group}\n\n{tabs}::::\n"


class _FrameworksDirective(SphinxDirective):
    """What is made from the examples and from what the frameworks answered."""

    def answers(self, framework):
        """Return what a framework answered; the page depends on the file."""
        path = compare.FOLDER / f"{framework}.json"
        self.env.note_dependency(str(path))
        return json.loads(path.read_text("utf-8"))

    def path(self, *parts):
        """Return the path of an example from the book's folder."""
        path = ask.EXAMPLES.joinpath(*parts)
        return path.relative_to(Path(self.env.srcdir).resolve()).as_posix()


class FrameworkTabs(_FrameworksDirective):
    """A tab for each framework that has an example of the policy that the argument names."""

    required_arguments = 1

    def run(self):
        """Return the tabs; a policy without an example is an error."""
        (policy,) = self.arguments
        found = [
            (title, framework, self.path(framework, f"{policy}.py"))
            for framework, title in NAMES.items()
            if policy in ask.examples(framework)
        ]
        if not found:
            raise self.error(f"no framework has an example of {policy!r}")
        return self.parse_text_to_nodes(_examples("framework", found))


class FrameworkConventions(_FrameworksDirective):
    """The table of the frameworks' schedulers that part from this book's schedules."""

    def run(self):
        """Return the table, from what the frameworks answered."""
        rows = "| scheduler | it |\n|---|---|\n"
        for framework, title in NAMES.items():
            answered = self.answers(framework)["conventions"]
            for each in CONVENTIONS:
                if each.framework == framework:
                    rows += f"| {title} `{each.name}` | {each.difference}"
                    rows += f"{_instance(answered[each.name], POLICIES[each.policy])} |\n"
        table = nodes.container("", *self.parse_text_to_nodes(rows), classes=["long-names"])
        return [table]


def _instance(answered, policy):
    if not answered:
        return ": it raises `ValueError`"
    theirs, ours = (f"{answered[whose]:.3g}" for whose in ("theirs", "ours"))
    return f": at epoch {answered['epoch']:g} it has {theirs}, and `{policy}` {ours}"


class FrameworkFaults(_FrameworksDirective):
    """The table of faulty loops and the rates they trained with, and their code in tabs."""

    def run(self):
        """Return both."""
        answered = self.answers("pytorch")["faults"]
        *numbers, _ = (i + 1 for i in compare.FAULT_UPDATES)
        heads = [*(f"update {number:,}" for number in numbers), "last", "updates"]
        rows = f"| loop | {' | '.join(heads)} |\n|---|{'---:|' * len(heads)}\n"
        for name, title in FAULTS.items():
            cells = [*(f"{rate:.4f}" for rate in answered[name]["rates"])]
            rows += f"| {title} | {' | '.join(cells)} | {answered[name]['updates']:,} |\n"
        files = [
            (title, name, self.path("pytorch_faults", f"{name}.py"))
            for name, title in FAULTS.items()
        ]
        return self.parse_text_to_nodes(rows + "\n" + _examples("fault", files))


class FrameworkVersions(_FrameworksDirective):
    """A sentence's worth of versions: those that answered."""

    def run(self):
        """Return them as a paragraph."""
        versions = {}
        for framework in NAMES:
            versions |= self.answers(framework)["versions"]
        text = ", ".join(f"{PACKAGES[name]} {number}" for name, number in versions.items())
        return self.parse_text_to_nodes(f"Asked were {text}.\n")


def setup(app):
    """Register the directives."""
    app.add_directive("framework-tabs", FrameworkTabs)
    app.add_directive("framework-conventions", FrameworkConventions)
    app.add_directive("framework-faults", FrameworkFaults)
    app.add_directive("framework-versions", FrameworkVersions)
    return {"parallel_read_safe": True}
