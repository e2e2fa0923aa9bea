"""Tables of what was found: pairs, edges and their evidence, synchrony, moments, groups, reactions, profiles."""

from __future__ import annotations

from unisono.tables.table import FLAG, FLOAT, INT, TEXT, TEXTS, table

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
    ("n_occasions", INT, "distinct pairs of posts; rows without an id, of one account at one time, are one post"),
    ("n_days", INT, "distinct UTC days on which a co-action began"),
    ("first_us", INT, "earliest post of a co-action, microseconds UTC"),
    ("last_us", INT, "latest post of a co-action, microseconds UTC"),
    ("median_lag_us", INT, "lower median of t_b - t_a over co-actions, microseconds"),
    ("a_first", FLOAT, "share of co-actions in which a came first; a tie counts half"),
)  # fmt: skip

TWINS = table(
    "twins", "another name of an object: the same accounts touched both at the same times, so that they count once",
    "trace object_id",
    ("trace", TEXT, "kind of behaviour"),
    ("object_id", TEXT, "the other name"),
    ("counted_as", TEXT, "the name under which its touches are counted: of all its names the first in byte order"),
)  # fmt: skip

PAIRS = table("pairs", "two accounts that co-acted", _PAIR_KEY, *_PAIR_COLUMNS)

EDGES = table(
    "edges", "a pair that was tested", _PAIR_KEY, *_PAIR_COLUMNS,
    ("n_meetings", INT, "sittings in which most of what both touched fell together, of the account with fewer of them"),
    ("expected", FLOAT, "expected n_first under the joint null"),
    ("expected_timing", FLOAT, "sum of q_o over all objects that both touched"),
    ("p_joint", FLOAT, "p of the joint null (the edge test)"),
    ("p_timing", FLOAT, "p of the timing null, given who shared what"),
    ("p_selection", FLOAT, "p of the selection null, blind to time"),
    ("p", FLOAT, "combined p"),
    ("n_tests", INT, "size of the test family"),
    ("q", FLOAT, "Benjamini-Hochberg q"),
    ("is_edge", FLAG, "called an edge"),
    ("basis", TEXT, "test that called it: joint; timing, reference (in a group certified on held-out time); crowd"),
    ("p_speed", FLOAT, "p of the timing null that also grants both their usual speed and hours"),
    ("q_timing", FLOAT, "Benjamini-Hochberg q of the larger of p_timing and p_speed, in the family of the timing test"),
    ("n_tests_timing", INT, "pairs that share three objects or more at any time: family of timing and reference"),
    ("p_reference", FLOAT, "p if their objects were shared as fast as others are, for objects a group has to itself"),
    ("q_reference", FLOAT, "Benjamini-Hochberg q of the reference test, in the same family"),
    ("q_selection", FLOAT, "Benjamini-Hochberg q of the selection test"),
    ("n_evidence", INT, "co-actions behind the pair (evidence keeps at most 1,000 of them)"),
    ("status", TEXT, "tested, insufficient_data, selection_driven"),
)  # fmt: skip

EVIDENCE = table(
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

SYNCHRONY = table(
    "synchrony", "an account with acts that touch no object: does it keep time with others, whoever they are",
    "account_id",
    ("account_id", TEXT, "the account"),
    ("window_us", INT, "a co-actor acts within this window of it, inclusive, microseconds"),
    ("n_days", INT, "days with an act"),
    ("p_own", FLOAT, "p of so many co-actors if it acted at any time of the half-hours in which it acts"),
    ("q_own", FLOAT, "Benjamini-Hochberg q of p_own over all accounts"),
    ("p_crowd", FLOAT, "p if it acted where everybody else did in these half-hours, minute by minute"),
    ("q_crowd", FLOAT, "Benjamini-Hochberg q of p_crowd over all accounts"),
    ("n_tests", INT, "accounts tested"),
    ("score_own", FLOAT, "how much own rhythm speaks for it, mean of -log p over three windows: orders accounts"),
)  # fmt: skip

MOMENTS = table(
    "moments", "one burst on one object beyond its own curve", "object_id trace t0_us width_us",
    ("object_id", TEXT, "the object"),
    ("trace", TEXT, "kind of behaviour"),
    ("t0_us", INT, "begin, microseconds UTC"),
    ("width_us", INT, "length, microseconds"),
    ("n", INT, "accounts in it"),
    ("expected", FLOAT, "accounts expected from the object's own curve"),
    ("q", FLOAT, "q over moments"),
    ("p", FLOAT, "p against the steepest curve allowed, corrected for the windows scanned in the object"),
    ("n_tests", INT, "objects tested, over all traces"),
    ("n_only_here", INT, "accounts in it that touch nothing else in the trace"),
    ("p_only_here", FLOAT, "p of that many, were they spread evenly over the object's accounts; no part of q"),
    ("n_same_time", INT, "accounts in it with the one commonest time"),
    ("status", TEXT, "tested, times_filled_in"),
    ("alternatives", TEXTS, "what else could explain it, a sentence each"),
)  # fmt: skip

CO_ACTORS = table(
    "co_actors", "an account in company: again and again others act on the same object as it does within the window, "
    "whoever they are", "account_id trace window_us",
    ("account_id", TEXT, "the account"),
    ("trace", TEXT, "kind of behaviour"),
    ("window_us", INT, "window, microseconds"),
    ("n_acts", INT, "its first touches of objects"),
    ("n_sittings", INT, "sittings with one"),
    ("observed", INT, "others within the window, summed over the most crowded act of each sitting on which p rests"),
    ("expected", FLOAT, "accounts expected there from the pooled curve of all objects and the study's own bursts"),
    ("p", FLOAT, "p of so many sittings so crowded; accounts with p = 1 have no row"),
    ("q", FLOAT, "q over accounts, kinds and windows"),
    ("n_tests", INT, "accounts tested, over all kinds and windows"),
    ("is_called", FLAG, "q is at most the study's rate of false findings"),
    ("gathering", INT, "part in which it is with other called accounts, the largest is 1; else null"),
)  # fmt: skip

SEQUENCES = table(
    "sequences", "an account that shares six things or more with another, each in a sitting: is their order alike",
    "account_id trace",
    ("account_id", TEXT, "the account"),
    ("trace", TEXT, "kind of behaviour"),
    ("n_sittings", INT, "its sittings that could be compared"),
    ("partner_id", TEXT, "the other account of the pair of sittings that says most"),
    ("begin_us", INT, "begin of the account's sitting, microseconds UTC"),
    ("partner_begin_us", INT, "begin of the other's sitting, microseconds UTC"),
    ("n_common", INT, "things that both sittings hold, 60 at most"),
    ("n_opposite", INT, "pairs of these in opposite order, or of one time"),
    ("log_e", FLOAT, "natural log of the account's e-value, over its sittings and all beside which they are put"),
    ("q", FLOAT, "q over accounts and kinds, by e-BH"),
    ("n_tests", INT, "accounts compared, over all kinds"),
    ("is_called", FLAG, "q is at most the study's rate of false findings"),
    ("list", INT, "number of the list that it works through with others, that of most accounts is 1; else null"),
)  # fmt: skip

GROUPS = table(
    "groups", "a community", "group_id",
    ("group_id", TEXT, "first 12 hex of sha256 over its sorted account ids, each followed by a newline"),
    ("rank", INT, "1 is the first to look at"),
    ("traces", TEXTS, "kinds of behaviour that link it, sorted"),
    ("n_accounts", INT, "accounts, those that are always first included"),
    ("n_always_first", INT, "accounts that are always first"),
    ("n_edges", INT, "pairs of members with an edge"),
    ("true_edges_at_least", INT, "simultaneous lower bound on true edges"),
    ("stability", FLOAT, "mean Jaccard with its best match over seeds, 0 to 1"),
    ("q", FLOAT, "q over groups"),
    ("first_us", INT, "first co-action inside, microseconds UTC"),
    ("last_us", INT, "last co-action inside, microseconds UTC"),
)  # fmt: skip

MEMBERS = table(
    "members", "an account in a group", "group_id account_id",
    ("group_id", TEXT, "the group"),
    ("account_id", TEXT, "the account"),
    ("evidence_mass", FLOAT, "its share of the co-action objects on the group's edges, 0 to 1"),
    ("q", FLOAT, "q over accounts"),
    ("role", TEXT, "core: has links in the group; joined: comes with its bursts"),
    ("n_first", INT, "its sittings with others of the group in which it came before all of them"),
    ("n_follows", INT, "those in which another came before it"),
    ("p_first", FLOAT, "p of being first so often, were the order in each sitting chance"),
    ("always_first", FLAG, "first in four of five sittings or more, and p_first <= 0.01: it may lead, be the "
     "source, or be shadowed"),
)  # fmt: skip

CALIBRATION = table(
    "calibration", "error measured on permuted data", "trace window_us null nominal",
    ("trace", TEXT, "kind of behaviour; all: pairs of accounts over every kind and window"),
    ("window_us", INT, "co-action window, microseconds; 0 for all"),
    ("null", TEXT, "test/control: joint, timing or selection; edges, any edge: what is called at fdr. Controls: slots, "
     "posts, latency, sittings, curveball"),
    ("nominal", FLOAT, "largest p counted; any edge: the study's fdr; edges: 0, as many as there are"),
    ("empirical", FLOAT, "share of the test family with p <= nominal; edges: edges called per run; any edge: share of "
     "runs with an edge, the false-discovery rate where nothing is to be found; both without edges of basis reference"),
    ("n", INT, "tests over all runs; of edges and any edge: runs"),
)  # fmt: skip

PROFILES = table(
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

REACTIONS = table(
    "reactions", "an account that touched several objects of one author", "trace author_id account_id",
    ("trace", TEXT, "kind of behaviour"),
    ("author_id", TEXT, "who made the objects"),
    ("account_id", TEXT, "who reacted to them"),
    ("window_us", INT, "the window that says most, from the object's birth, inclusive, microseconds"),
    ("n_objects", INT, "the author's objects that the account touched"),
    ("n_fast", INT, "of these, first touched within the window of their birth"),
    ("expected", FLOAT, "expected n_fast if the object's reactors had changed places"),
    ("p_followers", FLOAT, "p against the author's other followers, windows combined"),
    ("p_self", FLOAT, "p against the account's own haste with other authors; null where it was not needed"),
    ("p", FLOAT, "the larger of the two"),
    ("n_tests", INT, "size of the test family: rows of the same status; if tested, a tenth, and all not left out"),
    ("q", FLOAT, "Benjamini-Hochberg q within that family; 1 for a tested row that is left out"),
    ("is_reaction", FLAG, "called a reaction: status is tested, and q is small enough"),
    ("n_others", INT, "objects of others that the account touched"),
    ("author_fast", FLOAT, "share of the author's objects on which it was among the first tenth"),
    ("others_fast", FLOAT, "share of the objects of others on which it was among the first tenth"),
    ("status", TEXT, "tested, followers_only (too few objects of others), insufficient_data (the clock is too coarse)"),
    ("p_early", FLOAT, "chance to be among the first tenth so often on all these objects; above 0.05 it is left out"),
)  # fmt: skip
