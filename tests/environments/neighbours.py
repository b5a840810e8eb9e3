"""Use SciPy, pandas and scikit-learn before and after MXNet comes, or after it only."""

import sys

import numpy as np


def answers():
    """Return numbers that the three compute, each through several of its parts."""
    import pandas as pd
    from scipy import fft, linalg, optimize, sparse, stats
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    x = np.linspace(0, 1, 50)
    table = pd.DataFrame({"x": x, "half": x > 0.5, "word": ["a", "b"] * 25})
    inputs, labels = make_classification(random_state=0)
    model = LogisticRegression().fit(StandardScaler().fit_transform(inputs), labels)
    return [
        linalg.svdvals(np.vander(x, 4)).sum(),
        optimize.minimize(lambda p: (p[0] - 1) ** 2 + abs(p[1]), [0.0, 1.0]).fun,
        stats.ttest_ind(x, x**2).pvalue,
        abs(fft.rfft(x)).sum(),
        sparse.csr_matrix(np.diag(x)).sum(),
        *table.groupby(["half", "word"]).x.mean(),
        table.x.rolling(3).sum().max(),
        *model.coef_[0],
    ]


before = answers() if "before" in sys.argv else None
import lrbook.training.model  # noqa: E402, F401

after = answers()
assert before in (None, after), (before, after)
