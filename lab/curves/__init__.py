"""Power curves of every method, and what a planner gives up to stay unreported: python -m lab.curves."""
