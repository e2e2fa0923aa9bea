"""How likely a window's count is when the object's curve falls, and rises, by at most half per window.

The null: first touches of an object are a Poisson process whose intensity is the object's own curve, and the
curve has a half-life of at least one window: a wave that follows a hub's post jumps up at once, then decays as
exp(-s / tau) with tau >= W / ln 2 (87 s for a window of 60 s; the usual wave has minutes). Given a touch at t, the
others are the same process (Slivnyak), an exponential wave has no memory, so of the k touches in the window and
the flank of c windows after it, those in the window are Binomial(k, share) with, at worst, the wave's share

    share = (1 - 2^-1) / (1 - 2^-(1 + c));

any background, and any slower wave, lowers it. Conditioning on k removes the unknown height (Przyborowski and
Wilenski, Biometrika 31 (1940)); sliding windows that open at a touch follow Naus, JASA 60 (1965).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from unisono.maths.types import F64, I32, I64
from unisono.moments.curve import FLANK, Starts

STEEPEST = 2.0
"""Factor by which a curve may fall, or rise, from one window to the next."""
_TINY = 1e-290


def share_of_wave(window_us: int, step_us: int) -> float:
    """The largest share, of what falls in a window and the flank after it, that the null puts in the window.

    A closed window on a clock of steps of `step_us` holds one step more than its length.
    """
    window = 1 + step_us / window_us
    return float((1 - STEEPEST**-window) / (1 - STEEPEST ** -(window + FLANK)))


def log_p(found: Starts, window_us: int, step_us: int) -> F64:
    """log p of each start, (k,): the larger of the tests against the flank after and the flank before.

    Against the flank after, p is valid under the null above. The flank before can only raise it: it keeps a
    steady stream that merely ends (a deleted post, the end of the collection) from looking like a burst.
    Starts whose window holds no more than its share have log p = 0: they cannot be a discovery.
    """
    share = share_of_wave(window_us, step_us)
    out = np.zeros(len(found.row))
    most = np.maximum(found.before, found.after)
    rows = np.flatnonzero(found.inside > share * (found.inside + most))
    inside, most = found.inside[rows], most[rows]
    out[rows] = log_binomial_tail(inside, inside + most, share)
    return out


def log_binomial_tail(s: I32, n: I32, share: float) -> F64:
    """log P(X >= s), X ~ Binomial(n, share), per entry; s > n share. Never below the truth.

    The regularised incomplete beta function; where that leaves the range of doubles, the first term and the
    geometric majorant of the rest.
    """
    k, size = s.astype(np.float64), n.astype(np.float64)
    with np.errstate(divide="ignore"):
        near = np.log(np.where(k > 0, special.betainc(np.maximum(k, 1), size - k + 1, share), 1.0))
    ratio = (size - k) / (k + 1) * share / (1 - share)
    first = special.gammaln(size + 1) - special.gammaln(k + 1) - special.gammaln(size - k + 1)
    far = first + k * np.log(share) + (size - k) * np.log1p(-share) - np.log1p(-np.minimum(ratio, 1 - 1e-9))
    return np.minimum(np.where(near > np.log(_TINY), near, far), 0.0)


def hypergeometric_tail(s: int, n: int, marked: int, total: int) -> float:
    """P(X >= s), X marked ones among n drawn without replacement from `total`, of which `marked` are marked.

    The sum of its terms. (scipy.stats says the same, and takes a second to import.)
    """
    if s <= max(0, n + marked - total):
        return 1.0
    k = np.arange(s, min(n, marked) + 1)
    ways = _log_choose(marked, k) + _log_choose(total - marked, n - k) - _log_choose(total, np.array(n))
    return min(float(np.exp(ways).sum()), 1.0)


def _log_choose(n: int, k: I64) -> F64:
    out: F64 = special.gammaln(n + 1.0) - special.gammaln(k + 1.0) - special.gammaln(n - k + 1.0)
    return out
