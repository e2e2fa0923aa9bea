"""Tables of what was given: events, accounts, signals, rejects, and the traces that events leave."""

from __future__ import annotations

import pyarrow as pa

from unisono.tables.table import FLOAT, INT, TEXT, TEXTS, Table, table

MEDIA = pa.list_(pa.struct([("kind", TEXT), ("url", TEXT), ("hash", TEXT), ("hash_kind", TEXT)]))

KINDS = ("post", "repost", "quote", "reply", "like", "follow", "delete")
"""What an event can be."""
TIME_BASES = ("platform", "client", "collector", "id")
"""Whose clock wrote an event's time: the platform's, the client's, the collector's, or the event id."""
ACCOUNT_KINDS = ("person", "page", "channel", "forum", "media_account", "unknown")
"""What an account can be; a Facebook or Telegram group is a `forum`."""

EVENTS = table(
    "events", "one public act", "event_id",
    ("event_id", TEXT, "platform/native id, or row/<input sha256, 12 hex>/<number of the row> where the row has none"),
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
    ("target_id", TEXT, "event or account that a like, follow or delete acts on; account that a forward came from"),
    ("thread_id", TEXT, "event id of the first post of the conversation"),
    ("place", TEXT, "account id of the page, channel or forum it stands in; null on the own wall"),
    ("media", MEDIA, "attached media: kind, url, hash, hash_kind"),
    ("client", TEXT, "application that posted"),
    ("reach", INT, "views, else likes"),
    ("permalink", TEXT, "where it can be seen"),
    ("source_file", TEXT, "name of the input file"),
    ("source_line", INT, "line of it in which the row begins, from 1; number of the row in JSON arrays and Parquet"),
)  # fmt: skip

ACCOUNTS = table(
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

ACCOUNTS_ADDED = Table("accounts_added", "one account as seen at one time, supplied by the user", ACCOUNTS.key,
                       ACCOUNTS.columns)  # fmt: skip

SIGNAL_KINDS = (
    "ip", "asn", "device", "admin", "email_domain", "phone_prefix", "payment", "registrant", "analytics_id",
)  # fmt: skip
"""What a signal can be."""

SIGNALS = table(
    "signals", "one technical fact about an account that the user supplies", "account_id kind value t_us",
    ("account_id", TEXT, "platform/native id"),
    ("kind", TEXT, "ip, asn, device, admin, email_domain, phone_prefix, payment, registrant, analytics_id"),
    ("value", TEXT, "the fact"),
    ("t_us", INT, "when it was seen, microseconds UTC"),
    ("source", TEXT, "who says so"),
)  # fmt: skip

REJECTS = table(
    "rejects", "one input row that could not be used", "source_file line reason sha256",
    ("source_file", TEXT, "name of the input file"),
    ("line", INT, "line of it in which the row begins, or number of the row, as in events; 0 is the file itself"),
    ("reason", TEXT, "why, one of a fixed list of words"),
    ("sha256", TEXT, "sha256 of the row as it was read"),
)  # fmt: skip

TRACES = table(
    "traces", "one account touching one object", "trace object_id t_us account_id event_id",
    ("trace", TEXT, "kind of behaviour: repost, quote, reply, url, domain, hashtag, text, ..."),
    ("account_id", TEXT, "who"),
    ("object_id", TEXT, "what was touched"),
    ("t_us", INT, "when, microseconds UTC"),
    ("t_resolution_us", INT, "smallest step of that clock, microseconds; null is unknown"),
    ("event_id", TEXT, "the post in which it was touched"),
)  # fmt: skip

CHECKS = table(
    "checks", "one question to the data itself, and what the answer does to the tests", "check finding subject",
    ("check", TEXT, "which check: collected, gaps, caps, clocks, originals, resolutions, rejects, span, viral"),
    ("finding", TEXT, "what it looks for"),
    ("subject", TEXT, "where: a trace, a source; 'study' is all of it"),
    ("status", TEXT, "found, not_found, insufficient_data"),
    ("severity", TEXT, "note, warning, stops_a_test; null where nothing was found"),
    ("seen", TEXT, "what was seen, with its numbers; of insufficient_data why it cannot say"),
    ("effect", TEXT, "what it does to the tests"),
    ("remedy", TEXT, "what can be done"),
    ("value", FLOAT, "the number that decides: a share from 0 to 1, or a count"),
    ("n", INT, "observations behind it"),
)  # fmt: skip
