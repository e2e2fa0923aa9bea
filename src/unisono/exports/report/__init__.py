"""report.html: what was read, what was found, how sure that is, and the posts behind every line."""

from unisono.exports.report.page import write_report

__all__ = ["write_report"]
