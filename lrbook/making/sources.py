"""The identity of Python code: which sources count, and a hash that only meaning changes."""

import ast
import hashlib
import json
import re

__all__ = ["code_hash", "imports"]

_MAGIC = re.compile(r"^([ \t]*)([%!].*)", re.MULTILINE)


def code_hash(*sources):
    """Return the SHA-256 of Python sources, without their comments, layout and docstrings.

    Python 3.11, 3.12 and 3.13 compute the same one.

    Parameters
    ----------
    *sources : str
        Source texts, in order.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(json.dumps([_syntax(source) for source in sources]).encode()).hexdigest()


def imports(source, package):
    """Yield the dotted names from a package that a source of that package or beside it imports.

    Parameters
    ----------
    source : str
    package : str
        A package without subpackages: a relative import starts from it.
    """
    for node in ast.walk(_parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = [package] * bool(node.level) + [node.module] * bool(node.module)
            names = [".".join([*parts, alias.name]) for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == package)


def _parse(source):
    try:
        return ast.parse(source)
    except SyntaxError:  # a cell with lines in IPython's own syntax
        return ast.parse(_MAGIC.sub(lambda line: f"{line[1]}get_ipython({line[2]!r})", source))


def _syntax(source):
    tree = _parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                    node.body = rest
    return _plain(tree)


def _plain(node):
    """Return a syntax tree as lists: ast.dump and ast.unparse differ between Python versions."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, ast.AST):
        return ascii(node)
    if isinstance(node, ast.JoinedStr):
        # Python 3.12 has empty texts between the fields of an f-string.
        node.values = [v for v in node.values if getattr(v, "value", None) != ""]
    fields = [
        [name, _plain(value)]
        for name, value in ast.iter_fields(node)
        # Later versions have fields that the others lack; they are empty.
        if name == "value" or not (value is None or value == [])
    ]
    return [type(node).__name__, *fields]
