"""Evidence and reasons for any two accounts, also those that are no edge."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.pairs import pair_table
from unisono.pairs.evidence import evidence
from unisono.pairs.twins import encode_once
from unisono.pairs.windows import usable
from unisono.study import Study, UserError, either
from unisono.tables import EVIDENCE, PAIRS


def windows_of(study: Study) -> dict[str, list[int]]:
    """The windows (microseconds) at which the pair stage paired each trace."""
    stage = study.manifest.stages.get("pair")
    if stage is None:
        study.file("pairs")  # raises: the stage is still to be run
        return {}
    return dict(stage.facts["windows"])


def pair_of(study: Study, a: str, b: str) -> tuple[pa.Table, pa.Table]:
    """Rows of `pairs` (with any number of common objects) and of `evidence` for two accounts.

    Raises UserError where an account left no trace, or the two are one.
    """
    if a == b:
        raise UserError(f"{a} was given twice", "name two accounts")
    a, b = sorted((a, b), key=str.encode)
    theirs = study.read("traces", where=pc.field("account_id").isin([a, b]))
    for account in (a, b):
        if not pc.any(pc.equal(theirs.column("account_id"), account)).as_py():
            raise UserError(
                f"{account} left no trace in {either(str(study.path), 'this study')}",
                either(f"`unisono show {study.path} traces`", 'study["traces"]') + " lists who did",
            )
    pairs, posts = [PAIRS.schema.empty_table()], [EVIDENCE.schema.empty_table()]
    for trace, windows in sorted(windows_of(study).items()):
        common = _common_objects(theirs, trace, a, b)
        if not len(common):
            continue
        crowd = study.read("traces", where=(pc.field("trace") == trace) & pc.field("object_id").isin(common))
        arrays, resolution = encode_once(crowd)
        of_both = np.asarray(pc.is_in(arrays.account_ids, pa.array([a, b])), dtype=bool)
        for window in windows:
            part = arrays.take(usable(resolution, window))
            found = pair_table(part.take(of_both[part.account]), trace, window, 1)
            pairs.append(found)
            if found.num_rows:
                posts.extend(evidence(part, trace, window, found))
    return pa.concat_tables(pairs), pa.concat_tables(posts)


def _common_objects(traces: pa.Table, trace: str, a: str, b: str) -> pa.Array:
    here = traces.filter(pc.equal(traces.column("trace"), trace))
    of_a, of_b = (pc.unique(here.filter(pc.equal(here.column("account_id"), x)).column("object_id")) for x in (a, b))
    return of_a.filter(pc.is_in(of_a, of_b))
