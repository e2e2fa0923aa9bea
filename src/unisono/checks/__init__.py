"""The data itself: how it was collected, where it is thin or its clocks are coarse, and what that does to the tests."""

from unisono.checks.stage import check_lines, run_checks, write_checks
from unisono.checks.view import View, view_of

__all__ = ["View", "check_lines", "run_checks", "view_of", "write_checks"]
