"""Tests of `lab`: the demo world against brute force."""
