"""The HTML of a question, the same on the site's pages and in a notebook's widget.

`browser/predict/` brings it to life. Without a script all of it is to be seen: each choice with
its reason, the number with the usual mistakes, the curve.
"""

import hashlib
import json
from html import escape

import numpy as np
from matplotlib.ticker import MaxNLocator

__all__ = ["check_choose", "check_number", "choose", "number", "sketch"]

# A sketch's axes, in units of its picture.
_WIDTH, _HEIGHT = 400, 252
_LEFT, _RIGHT, _UPPER, _LOWER = 54, 380, 14, 206
_STEPS = 100  # that a handle can take from the lower end of the axis to the upper one


def choose(question, choices, answer):
    """Return the form of `lrbook.live.predict.choose`."""
    return _form("choose", question, *_choice(choices, answer))


def number(question, answer, stops, right, too_low, too_high, unit):
    """Return the form of `lrbook.live.predict.number`; `right` is the place of a stop."""
    said = [_with_unit(stop, unit) for stop in stops]
    row = (
        '<label class="prediction-number"><span>Your number</span>'
        f'<input type="range" min="0" max="{len(stops) - 1}" step="1">'
        # The slider says it by itself.
        '<b class="prediction-value" aria-hidden="true"></b></label>'
    )
    data = {"right": right, "answer": _with_unit(answer, unit), "stops": said}
    reasons = {"tooLow": too_low, "tooHigh": too_high}
    row += _why(f"{data['answer']}.", "It is")
    return _form("number", question, said, data | reasons, row)


def sketch(question, times, values, at, limits, x, y):
    """Return the form of `lrbook.live.predict.sketch`."""
    low, high = limits
    column = _scale(at[0], at[-1], _LEFT, _RIGHT)
    row = _scale(low, high, _LOWER, _UPPER)
    path = "".join(
        f"{'L' if i else 'M'}{column(t):.1f} {row(v):.1f}"
        for i, (t, v) in enumerate(zip(times, values, strict=True))
    )
    ends = [_said(end) for end in (low, high, at[0], at[-1])]
    words = "Axes: {} from {} to {} against {} from {} to {}.".format(y, *ends[:2], x, *ends[2:])
    picture = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(words)}">'
        f"{_axes(at, limits, column, row, x, y)}"
        f'<path class="truth" d="{path}"/><path class="mine" d=""/></svg>'
    )
    handles = "".join(
        f'<input type="range" min="{low:g}" max="{high:g}" step="{(high - low) / _STEPS:g}"'
        f' value="{(low + high) / 2:g}" data-at="{t:g}" aria-label="{escape(f"{y} at {x} {t:g}")}"'
        f' style="left:{100 * column(t) / _WIDTH:.2f}%">'
        for t in at
    )
    curve = ", ".join(f"{_said(np.interp(t, times, values))} at {x} {t:g}" for t in at)
    frame = {"left": _LEFT, "right": _RIGHT, "upper": _UPPER, "lower": _LOWER, "width": _WIDTH}
    truth = [[float(f"{t:.4g}"), float(f"{v:.4g}")] for t, v in zip(times, values, strict=True)]
    data = {"x": x, "truth": truth, "limits": [float(low), float(high)], "frame": frame}
    body = f'<div class="prediction-axes">{picture}{handles}</div>'
    body += _why(f"{curve}.", "The curve:")
    return _form("sketch", question, [x, y, *at.tolist()], data, body)


def check_choose(question, choices, answer):
    """Return the form of `lrbook.live.check.choose`."""
    return _form("check-choose", question, *_choice(choices, answer))


def check_number(question, answer, tolerance, unit, mistakes, otherwise):
    """Return the form of `lrbook.live.check.number`."""
    within = f"within {_said(tolerance)}" if tolerance else "exactly"
    beside = f"{unit}, {within}" if unit else within
    row = (
        '<label class="prediction-typed"><span>Your number</span>'
        f'<input type="text" inputmode="decimal" autocomplete="off"><span>{escape(beside)}</span>'
        "</label>"
    )
    said = _with_unit(answer, unit)
    row += _why(otherwise, escape(f"It is {said}."))
    row += "".join(
        _why(reason, escape(f"Not {_with_unit(value, unit)}.")) for value, reason in mistakes
    )
    data = {"answer": answer, "said": said, "tolerance": tolerance, "unit": unit}
    data["mistakes"] = [value for value, _ in mistakes]
    return _form("check-number", question, beside, data, row)


def _choice(choices, answer):
    """Return what is offered, the place of the answer in it, and the rows of a choice."""
    rows = "".join(
        f'<label><input type="radio" name="answer" value="{i}"><span>{escape(choice)}</span>'
        f"</label>{_why(reason, 'Right.' if choice == answer else 'Wrong.')}"
        for i, (choice, reason) in enumerate(choices.items())
    )
    return [*choices], {"answer": [*choices].index(answer)}, rows


def _form(kind, question, offered, data, body):
    checks = kind.startswith("check-")
    # What is kept of a reader belongs to this question: of another wording it would mean nothing.
    key = hashlib.sha256(json.dumps([kind, question, offered]).encode()).hexdigest()[:12]
    return (
        f'<form class="prediction{" prediction-check" * checks}" data-kind="{kind}"'
        f' data-key="{key}"'
        f' data-question="{escape(json.dumps(data, ensure_ascii=False, separators=(",", ":")))}">'
        f"<fieldset><legend><b>{'Check' if checks else 'Predict'}.</b> {escape(question)}</legend>"
        f"{body}</fieldset>"
        '<p class="prediction-said" role="status"></p>'
        '<p class="prediction-buttons"><button type="submit">Commit</button>'
        '<button type="button" class="prediction-show">Show me</button>'
        '<button type="button" class="prediction-remove" hidden>Remove my answer</button></p>'
        "</form>"
    )


def _why(reason, verdict):
    return f'<p class="prediction-why"><b>{verdict}</b> <span>{escape(reason)}</span></p>'


def _with_unit(value, unit):
    return f"{_said(value)} {unit}".rstrip()


def _said(value):
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _scale(low, high, start, end):
    return lambda value: start + (end - start) * (value - low) / (high - low)


def _axes(at, limits, column, row, x, y):
    """Return the grid and the labels of a sketch."""
    marks = []
    for value in MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(*limits).round(9):
        if limits[0] <= value <= limits[1]:
            marks.append(f'<path class="grid" d="M{_LEFT} {row(value):.1f}H{_RIGHT}"/>')
            marks.append(_text(f"{value:g}", _LEFT - 7, row(value) + 4, "end"))
    for t in at:
        marks.append(f'<path class="grid" d="M{column(t):.1f} {_UPPER}V{_LOWER}"/>')
        marks.append(_text(f"{t:g}", column(t), _LOWER + 18, "middle"))
    marks.append(_text(x, (_LEFT + _RIGHT) / 2, _LOWER + 38, "middle"))
    middle = (_UPPER + _LOWER) / 2
    marks.append(
        f'<text text-anchor="middle" transform="translate(12 {middle:g}) rotate(-90)">'
        f"{escape(y)}</text>"
    )
    return "".join(marks)


def _text(words, x, y, anchor):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
