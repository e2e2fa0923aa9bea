"""Moments: bursts of many accounts on one object that the object's own curve does not explain.

Pair statistics need accounts that meet again. Disposable accounts act once each; only their moment shows them.
Method, validity and limits: docs/methods/moments.md.
"""

from unisono.moments.circumstances import Circumstances, circumstances
from unisono.moments.explanations import other_explanations
from unisono.moments.find import find_moments, moments_of
from unisono.moments.scan import Scan, scan_trace
from unisono.moments.stage import write_moments

__all__ = [
    "Circumstances", "Scan", "circumstances", "find_moments", "moments_of", "other_explanations", "scan_trace",
    "write_moments",
]  # fmt: skip
