"""Outputs in columns keep them: everything else that is printed wraps."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

_GAP = re.compile(r"\S {2,}\S")


class Columns(SphinxTransform):
    """Gives printed tables the class that the style sheet and the script know."""

    default_priority = 870

    def apply(self, **kwargs):
        """Mark what has gaps inside most of its lines."""
        for block in self.document.findall(nodes.literal_block):
            if "output" in block["classes"] and _in_columns(block.astext().splitlines()):
                block["classes"].append("columns")


def _in_columns(lines):
    return len(lines) > 1 and sum(bool(_GAP.search(line)) for line in lines) > len(lines) / 2


def setup(app):
    """Register the transform."""
    app.add_transform(Columns)
    return {"parallel_read_safe": True}
