"""Synchrony: accounts that act in the same seconds again and again, with no object in common."""

from unisono.synchrony.find import find_synchrony, synchronous_accounts

__all__ = ["find_synchrony", "synchronous_accounts"]
