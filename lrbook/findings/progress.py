"""How far the runs of a plan have come. Only what is complete is compared.

To look at a comparison while its runs come in, and to stop or go on by what you see, breaks the
chance of error that its interval promises. So the pages are given nothing but groups of runs of
which every planned seed is recorded.
"""

import pandas as pd


def progress(runs, planned, by, keys=("seed",)):
    """Return how many of the planned runs of each group are recorded.

    Parameters
    ----------
    runs, planned : pandas.DataFrame
        A run a row, with the columns `by` and `keys`; of `planned` nothing else is used.
    by : list of str
        What makes a group: ``["arm"]``, or a setting.
    keys : sequence of str
        What tells the runs of a group apart.

    Returns
    -------
    pandas.DataFrame, shape (planned groups, 2)
        Indexed by group, in the order of the plan: `recorded`, `planned`.
    """
    names = [*by, *keys]
    wanted = planned[names].drop_duplicates()
    found = wanted.merge(runs[names].drop_duplicates(), how="left", indicator=True)
    found["recorded"] = found["_merge"] == "both"
    return found.groupby(by, sort=False).recorded.agg(recorded="sum", planned="size")


def complete(runs, planned, by, keys=("seed",)):
    """Return the planned runs of the groups of which every planned run is recorded.

    Parameters
    ----------
    runs, planned, by, keys
        As for :func:`progress`.

    Returns
    -------
    pandas.DataFrame
        Rows of `runs`, as they are there.
    """
    counts = progress(runs, planned, by, keys)
    done = counts.index[counts.recorded == counts.planned]
    names = [*by, *keys]
    wanted = pd.MultiIndex.from_frame(planned[names].drop_duplicates())
    group = runs[by[0]] if len(by) == 1 else pd.MultiIndex.from_frame(runs[by])
    kept = group.isin(done) & pd.MultiIndex.from_frame(runs[names]).isin(wanted)
    return runs[kept].reset_index(drop=True)
