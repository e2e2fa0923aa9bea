"""Accounts that are in company again and again, whoever the company is: a test of one account."""

from unisono.co_actors.find import Company, find_company
from unisono.co_actors.stage import write_co_actors

__all__ = ["Company", "find_company", "write_co_actors"]
