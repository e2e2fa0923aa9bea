"""THE schema: every table, key, column, type, unit and meaning. Others' scripts rely on these names.

Times are int64 microseconds since 1970-01-01T00:00:00 UTC (`*_us`), ids are strings
`platform/native`, and every table is stored sorted by its key (strings in UTF-8 byte order).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT, INT, FLOAT, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
TEXTS = pa.list_(TEXT)
MEDIA = pa.list_(pa.struct([("kind", TEXT), ("url", TEXT), ("hash", TEXT), ("hash_kind", TEXT)]))

KINDS = ("post", "repost", "quote", "reply", "like", "follow", "delete")
"""What an event can be."""
TIME_BASES = ("platform", "client", "collector", "id")
"""Whose clock wrote an event's time: the platform's, the client's, the collector's, or the event id."""
ACCOUNT_KINDS = ("person", "page", "channel", "forum", "media_account", "unknown")
"""What an account can be; a Facebook or Telegram group is a `forum`."""


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type and one line of meaning (with the unit)."""

    name: str
    type: pa.DataType
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table: what a row is, which columns order it, and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; every column is nullable except those of the key."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.name not in self.key) for c in self.columns])

    @property
    def names(self) -> list[str]:
        """Column names in schema order."""
        return [c.name for c in self.columns]


def _table(name: str, row: str, key: str, *columns: tuple[str, pa.DataType, str]) -> Table:
    return Table(name, row, tuple(key.split()), tuple(Column(*c) for c in columns))


EVENTS = _table(
    "events", "one public act", "event_id",
    ("event_id", TEXT, "platform/native id, or row/<input sha256, 12 hex>/<line> where the row has none"),
    ("platform", TEXT, "x, telegram, bsky, ...; null in a generic table with no --platform"),
    ("account_id", TEXT, "who speaks: the visible author, else the page or channel"),
    ("t_us", INT, "when, microseconds UTC"),
    ("t_basis", TEXT, "whose clock: platform, client, collector, id"),
    ("t_resolution_us", INT, "smallest step of that clock, microseconds"),
    ("kind", TEXT, "post, repost, quote, reply, like, follow, delete"),
    ("text", TEXT, "the text as it was published"),
    ("lang", TEXT, "language code"),
    ("lang_basis", TEXT, "who said so: platform, or the name of a detector"),
    ("urls", TEXTS, "links, as published"),
    ("hashtags", TEXTS, "hashtags in order, as published, without the sign"),
    ("mentions", TEXTS, "account ids that the text addresses"),
    ("repost_of", TEXT, "event id of the reposted post"),
    ("quote_of", TEXT, "event id of the quoted post"),
    ("reply_to", TEXT, "event id of the post replied to"),
    ("target_id", TEXT, "event or account that a like, follow or delete acts on"),
    ("thread_id", TEXT, "event id of the first post of the conversation"),
    ("place", TEXT, "account id of the page, channel or forum it stands in; null on the own wall"),
    ("media", MEDIA, "attached media: kind, url, hash, hash_kind"),
    ("client", TEXT, "application that posted"),
    ("reach", INT, "views, else likes"),
    ("permalink", TEXT, "where it can be seen"),
    ("source_file", TEXT, "name of the input file"),
    ("source_line", INT, "row or line in it, counted from 1, without the header"),
)  # fmt: skip

ACCOUNTS = _table(
    "accounts", "one account as seen at one time", "account_id observed_us",
    ("account_id", TEXT, "platform/native id"),
    ("observed_us", INT, "time of the first event that shows it so, microseconds UTC"),
    ("platform", TEXT, "x, telegram, bsky, ..."),
    ("kind", TEXT, "person, page, channel, forum, media_account, unknown"),
    ("handle", TEXT, "handle without @"),
    ("name", TEXT, "display name"),
    ("created_us", INT, "creation time, microseconds UTC"),
    ("description", TEXT, "self-description"),
    ("location", TEXT, "location as stated by the account"),
    ("followers", INT, "followers"),
    ("following", INT, "accounts followed"),
    ("avatar_hash", TEXT, "hash of the profile picture"),
    ("label", TEXT, "a label that the source carries, unchecked"),
)  # fmt: skip

SIGNALS = _table(
    "signals", "one technical fact about an account that the user supplies", "account_id kind value t_us",
    ("account_id", TEXT, "platform/native id"),
    ("kind", TEXT, "ip, asn, device, admin, email_domain, phone_prefix, payment, registrant, analytics_id"),
    ("value", TEXT, "the fact"),
    ("t_us", INT, "when it was seen, microseconds UTC"),
    ("source", TEXT, "who says so"),
)  # fmt: skip

REJECTS = _table(
    "rejects", "one input row that could not be used", "source_file line reason",
    ("source_file", TEXT, "name of the input file"),
    ("line", INT, "row or line in it, counted from 1, without the header; 0 is the file itself"),
    ("reason", TEXT, "why, one of a fixed list of words"),
    ("sha256", TEXT, "sha256 of the row as it was read"),
)  # fmt: skip

TRACES = _table(
    "traces", "one account touching one object", "trace object_id t_us account_id event_id",
    ("trace", TEXT, "kind of behaviour: repost, quote, reply, url, domain, hashtag, text, ..."),
    ("account_id", TEXT, "who"),
    ("object_id", TEXT, "what was touched"),
    ("t_us", INT, "when, microseconds UTC"),
    ("t_resolution_us", INT, "smallest step of that clock, microseconds; null is unknown"),
    ("event_id", TEXT, "the post in which it was touched"),
)  # fmt: skip

_PAIR_KEY = "trace window_us account_a account_b"
_PAIR_COLUMNS = (
    ("trace", TEXT, "kind of behaviour"),
    ("window_us", INT, "co-action window, inclusive, microseconds"),
    ("account_a", TEXT, "the account with the smaller id"),
    ("account_b", TEXT, "the account with the larger id"),
    ("n_objects", INT, "objects with at least one co-action"),
    ("n_pairs", INT, "post pair x object rows (CooRTweet's edge weight)"),
    ("n_events_a", INT, "distinct posts of a matched by b (the toolkit's weight a->b)"),
    ("n_events_b", INT, "distinct posts of b matched by a (the toolkit's weight b->a)"),
    ("n_first", INT, "objects whose first events by a and by b are within the window"),
    ("n_occasions", INT, "distinct post pairs"),
    ("n_days", INT, "distinct UTC days on which a co-action began"),
    ("first_us", INT, "earliest post of a co-action, microseconds UTC"),
    ("last_us", INT, "latest post of a co-action, microseconds UTC"),
    ("median_lag_us", INT, "lower median of t_b - t_a over co-actions, microseconds"),
    ("a_first", FLOAT, "share of co-actions in which a came first; a tie counts half"),
)  # fmt: skip

PAIRS = _table("pairs", "two accounts that co-acted", _PAIR_KEY, *_PAIR_COLUMNS)

EDGES = _table(
    "edges", "a pair that was tested", _PAIR_KEY, *_PAIR_COLUMNS,
    ("expected", FLOAT, "expected n_first under the joint null"),
    ("expected_timing", FLOAT, "sum of q_o over all objects that both touched"),
    ("p_joint", FLOAT, "p of the joint null (the edge test)"),
    ("p_timing", FLOAT, "p of the timing null, given who shared what"),
    ("p_selection", FLOAT, "p of the selection null, blind to time"),
    ("p", FLOAT, "combined p"),
    ("n_tests", INT, "size of the test family"),
    ("q", FLOAT, "Benjamini-Hochberg q"),
    ("is_edge", FLAG, "called an edge"),
    ("n_evidence", INT, "co-actions behind the pair (evidence keeps at most 1,000 of them)"),
    ("status", TEXT, "tested, insufficient_data, rule_of_thumb"),
)  # fmt: skip

EVIDENCE = _table(
    "evidence", "one co-action behind an edge", f"{_PAIR_KEY} object_id event_a event_b",
    *_PAIR_COLUMNS[:4],
    ("object_id", TEXT, "what both touched"),
    ("event_a", TEXT, "post of a"),
    ("event_b", TEXT, "post of b"),
    ("t_a", INT, "its time, microseconds UTC"),
    ("t_b", INT, "its time, microseconds UTC"),
    ("lag_us", INT, "t_b - t_a, microseconds"),
    ("q_o", FLOAT, "share of pairs of first touches of the object that lie within the window"),
)  # fmt: skip

MOMENTS = _table(
    "moments", "one burst on one object beyond its own curve", "object_id trace t0_us width_us",
    ("object_id", TEXT, "the object"),
    ("trace", TEXT, "kind of behaviour"),
    ("t0_us", INT, "begin, microseconds UTC"),
    ("width_us", INT, "length, microseconds"),
    ("n", INT, "accounts in it"),
    ("expected", FLOAT, "accounts expected from the object's own curve"),
    ("q", FLOAT, "q over moments"),
)  # fmt: skip

GROUPS = _table(
    "groups", "a community", "group_id",
    ("group_id", TEXT, "first 12 hex of sha256 over its sorted account ids, each followed by a newline"),
    ("rank", INT, "1 is the first to look at"),
    ("traces", TEXTS, "kinds of behaviour that link it, sorted"),
    ("n_accounts", INT, "accounts"),
    ("n_edges", INT, "account pairs with an edge inside the group"),
    ("true_edges_at_least", INT, "simultaneous lower bound on true edges"),
    ("stability", FLOAT, "mean Jaccard with its best match over seeds, 0 to 1"),
    ("q", FLOAT, "q over groups"),
    ("first_us", INT, "first co-action inside, microseconds UTC"),
    ("last_us", INT, "last co-action inside, microseconds UTC"),
)  # fmt: skip

MEMBERS = _table(
    "members", "an account in a group", "group_id account_id",
    ("group_id", TEXT, "the group"),
    ("account_id", TEXT, "the account"),
    ("evidence_mass", FLOAT, "its share of the co-action objects on the group's edges, 0 to 1"),
    ("q", FLOAT, "q over accounts"),
    ("role", TEXT, "role in the group"),
)  # fmt: skip

CALIBRATION = _table(
    "calibration", "error measured on permuted data", "trace window_us null nominal",
    ("trace", TEXT, "kind of behaviour"),
    ("window_us", INT, "co-action window, microseconds"),
    ("null", TEXT, "name of the null"),
    ("nominal", FLOAT, "nominal error"),
    ("empirical", FLOAT, "measured error"),
    ("n", INT, "tests"),
)  # fmt: skip

PROFILES = _table(
    "profiles", "one fact", "group_id subject subject_id profile finding",
    ("group_id", TEXT, "the group"),
    ("subject", TEXT, "group, account, object"),
    ("subject_id", TEXT, "its id"),
    ("profile", TEXT, "which profile"),
    ("finding", TEXT, "which fact"),
    ("value_num", FLOAT, "value"),
    ("value_text", TEXT, "value in words"),
    ("low", FLOAT, "lower bound"),
    ("high", FLOAT, "upper bound"),
    ("set", TEXTS, "candidates"),
    ("n", INT, "observations"),
    ("status", TEXT, "found, not_found, insufficient_data"),
    ("alternatives", TEXT, "what else could explain it"),
    ("method", TEXT, "method and version"),
    ("evidence_ref", TEXT, "where to look"),
)  # fmt: skip

TABLES: dict[str, Table] = {
    t.name: t
    for t in (EVENTS, ACCOUNTS, SIGNALS, REJECTS, TRACES, PAIRS, EDGES, EVIDENCE,
              MOMENTS, GROUPS, MEMBERS, CALIBRATION, PROFILES)
}  # fmt: skip
