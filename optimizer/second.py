"""The second objective as rows: the steadiest pathway, or the nearest to the company's own plan."""

import numpy as np

from model.case import Second
from optimizer.rows import Floats, Rows
from optimizer.steady_lines import SteadyLines


def second_rows(
    first: object, lines: SteadyLines, second: Second
) -> tuple[Rows, Floats, Floats, Floats]:
    c = first
    n = len(c.costs)
    L = lines.levers
    count, years = L.known.shape
    rows, cols, vals, lim = [], [], [], []
    ri = 0
    names = []
    S = L.starts

    def entry(l, t):
        s = slice(S[l * years + t], S[l * years + t + 1])
        return L.indices[s], L.values[s]

    starts = [0]
    I = []
    V = []
    side = []
    for l in range(count):
        for t in range(years):
            if second is Second.STEADY:
                if t == 0 or t == years - 1:
                    continue
                parts = [(t - 1, 1.0), (t, -2.0), (t + 1, 1.0)]
                known = sum(f * L.known[l, u] for u, f in parts)
            else:
                if t == 0:
                    continue
                parts = [(t, 1.0)]
                known = L.known[l, t] - lines.planned[l, t]
            if np.isnan(known):
                continue
            for u, f in parts:
                i, v = entry(l, u)
                I += i.tolist()
                V += (v * f).tolist()
            I += [n, n + 1]
            V += [-1.0, 1.0]
            n += 2
            starts.append(len(I))
            side.append(-known)
            names.append((l, t))
    more = n - len(c.costs)
    base = len(c.costs)
    costs = np.zeros(n)
    costs[base:] = 1 / (years - 1)
    # cap
    used = np.flatnonzero(c.costs)
    I += used.tolist()
    V += c.costs[used].tolist()
    starts.append(len(I))
    side = np.array(side)
    # order: cap first
    m = len(names)
    starts = np.array(starts)
    k = len(used)
    I = np.array(I[-k:] + I[:-k], dtype=np.int32)
    V = np.array(V[-k:] + V[:-k])
    starts = np.concatenate([[0], starts[:-1] + k]).astype(np.int32)
    lower = np.concatenate([[-np.inf], side])
    upper = np.concatenate([[np.inf], side])
    r = Rows((("no_more", [None]), ("deviation", names)), lower, upper, starts, I, V)
    return r, np.zeros(more), np.full(more, np.inf), costs
