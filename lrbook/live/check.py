"""Quick checks at the end of a chapter: has it come across?

A check is a question like those of `lrbook.live.predict`, with nothing hidden behind it. A reader
who is wrong hears why and may try again.
"""

import math

from lrbook.live import forms
from lrbook.live.predict import Question, offer

__all__ = ["choose", "number"]


def choose(question, choices, answer):
    """Ask which of several choices is right.

    Parameters
    ----------
    question : str
        Plain text; formulas in Unicode.
    choices : dict of str to str
        At least two choices, in the order in which they stand, each with the reason why it is
        right or wrong, in whole sentences. The reason of a wrong one doesn't name the right one:
        the reader may try again.
    answer : str
        The choice that is right. Compute it.

    Returns
    -------
    Question
        A widget.

    Raises
    ------
    ValueError
        If there are fewer than two choices, one has no reason, or the answer is none of them.
    """
    offered = offer(choices, answer)
    html = forms.check_choose(question, choices, answer)
    return Question(html, f"Check: {question}\n{offered}")


def number(question, answer, tolerance, *, otherwise, unit="", mistakes=()):
    """Ask for a number, which the reader types.

    Parameters
    ----------
    question : str
        Plain text; formulas in Unicode.
    answer : float
        The number. Compute it.
    tolerance : float
        How far from the answer a number may be to be right; 0 for a count. The reader sees it.
    otherwise : str
        The way to the number, in whole sentences: said to who gives any other number, and with
        the answer.
    unit : str
        Of the number, as it is said: ``"epochs"``.
    mistakes : dict of float to str
        Usual wrong numbers, computed as well, each with what was missed, in whole sentences; or
        pairs of these. A number within the tolerance of one hears that instead of `otherwise`.

    Returns
    -------
    Question
        A widget.

    Raises
    ------
    ValueError
        If a number isn't finite, the tolerance is negative, an explanation is missing, or a
        mistake would be right.
    """
    answer, tolerance = float(answer), float(tolerance)
    mistakes = [(float(value), reason) for value, reason in dict(mistakes).items()]
    if not math.isfinite(answer):
        raise ValueError(f"number: answer must be finite, not {answer!r}")
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"number: tolerance must be finite and at least 0, not {tolerance!r}")
    if not otherwise.strip():
        raise ValueError("number: otherwise must say the way to the number, not nothing")
    for value, reason in mistakes:
        if not reason.strip():
            raise ValueError(f"number: the mistake {value:g} needs a reason")
        if not math.isfinite(value):
            raise ValueError(f"number: a mistake must be finite, not {value!r}")
        if abs(value - answer) <= tolerance + 1e-9 * max(abs(value), abs(answer)):
            raise ValueError(
                f"number: a mistake must lie more than {tolerance:g} from the answer, {answer:g}, "
                f"not at {value:g}"
            )
    html = forms.check_number(question, answer, tolerance, unit, mistakes, otherwise)
    within = f"within {tolerance:g}" if tolerance else "exactly"
    words = ", ".join(["a number", *[f"in {unit}"] * bool(unit), within])
    return Question(html, f"Check: {question}\n({words})")
