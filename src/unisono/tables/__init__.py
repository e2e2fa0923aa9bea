"""THE schema: every table, key, column, type, unit and meaning. Others' scripts rely on these names.

Times are int64 microseconds since 1970-01-01T00:00:00 UTC (`*_us`), ids are strings
`platform/native`, and every table is stored sorted by its key (strings in UTF-8 byte order).
"""

from unisono.tables.found import (
    CALIBRATION,
    CO_ACTORS,
    EDGES,
    EVIDENCE,
    GROUPS,
    MEMBERS,
    MOMENTS,
    PAIRS,
    PROFILES,
    REACTIONS,
    SEQUENCES,
    SYNCHRONY,
    TWINS,
)  # fmt: skip
from unisono.tables.given import (
    ACCOUNT_KINDS,
    ACCOUNTS,
    ACCOUNTS_ADDED,
    CHECKS,
    EVENTS,
    KINDS,
    MEDIA,
    REJECTS,
    SIGNAL_KINDS,
    SIGNALS,
    TIME_BASES,
    TRACES,
)  # fmt: skip
from unisono.tables.table import FLAG, FLOAT, INT, TEXT, TEXTS, Column, Table

__all__ = [
    "ACCOUNTS", "ACCOUNTS_ADDED", "ACCOUNT_KINDS", "CALIBRATION", "CHECKS", "CO_ACTORS", "EDGES", "EVENTS", "EVIDENCE",
    "FLAG", "FLOAT", "GROUPS", "INT", "KINDS", "MEDIA", "MEMBERS", "MOMENTS", "PAIRS", "PROFILES", "REACTIONS",
    "REJECTS", "SEQUENCES", "SIGNALS", "SIGNAL_KINDS", "SYNCHRONY", "TABLES", "TEXT", "TEXTS", "TIME_BASES", "TRACES",
    "TWINS", "Column", "Table",
]  # fmt: skip

TABLES: dict[str, Table] = {
    t.name: t
    for t in (EVENTS, ACCOUNTS, ACCOUNTS_ADDED, SIGNALS, REJECTS, TRACES, TWINS, PAIRS, EDGES, EVIDENCE,
              SYNCHRONY, MOMENTS, CO_ACTORS, SEQUENCES, GROUPS, MEMBERS, CALIBRATION, PROFILES, REACTIONS, CHECKS)
}  # fmt: skip
