"""GDELT's Global Knowledge Graph 2.1: one article of the news per row, 27 columns by tabs, without a header.

Written from "The GDELT Global Knowledge Graph (GKG) Data Format Codebook V2.1". Only `--as` chooses it, for there is no
header to know it by. The account is the outlet (`V2SourceCommonName`). `V2.1DATE` is the quarter of an hour in which
GDELT saw the article (named by its end), not when the outlet published it: the clock is the collector's, in steps of 15
minutes, and no window below that can be tested. Themes, places and tones are GDELT's own reading of an article and are
not read here; its title is where `V2ExtrasXML` gives one, its language where the article was translated. Some rows are
no UTF-8.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from unisono.clean.time import TimeRule
from unisono.events.files.bare_rows import Bare
from unisono.events.formats import Format, Rows
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell, picture

BARE = Bare((
    "GKGRECORDID", "V2.1DATE", "V2SourceCollectionIdentifier", "V2SourceCommonName", "V2DocumentIdentifier",
    "V1Counts", "V2.1Counts", "V1Themes", "V2EnhancedThemes", "V1Locations", "V2EnhancedLocations", "V1Persons",
    "V2EnhancedPersons", "V1Organizations", "V2EnhancedOrganizations", "V1.5Tone", "V2.1EnhancedDates", "V2GCAM",
    "V2.1SharingImage", "V2.1RelatedImages", "V2.1SocialImageEmbeds", "V2.1SocialVideoEmbeds", "V2.1Quotations",
    "V2.1AllNames", "V2.1Amounts", "V2.1TranslationInfo", "V2ExtrasXML",
))  # fmt: skip
_READS = (
    "GKGRECORDID", "V2.1DATE", "V2SourceCommonName", "V2DocumentIdentifier", "V2.1SharingImage",
    "V2.1TranslationInfo", "V2ExtrasXML",
)  # fmt: skip
QUARTER_US = 15 * 60 * 1_000_000
SEEN = "articles whose time is the quarter of an hour in which GDELT saw them"
_RULE = TimeRule("%Y%m%d%H%M%S", "UTC")
_LANG = re.compile(r"\bsrclc:([a-z]{2,3})\b", re.IGNORECASE)


def post(row: Row, notes: Counter[str]) -> Post:
    """An article."""
    document = cell(row, "V2DocumentIdentifier")
    title, ended, _ = (cell(row, "V2ExtrasXML") or "").partition("<PAGE_TITLE>")[2].partition("</PAGE_TITLE>")
    address = document if document and document.lower().startswith(("http://", "https://")) else None
    lang = _LANG.search(cell(row, "V2.1TranslationInfo") or "")
    notes[SEEN] += 1
    return Post(
        account=(cell(row, "V2SourceCommonName") or "").strip().lower() or None, account_kind="media_account",
        id=cell(row, "GKGRECORDID"), time=cell(row, "V2.1DATE"), rule=_RULE, step_us=QUARTER_US, basis="collector",
        text=html.unescape(title).strip() if ended else None, kind="post", lang=lang[1].lower() if lang else None,
        urls=[address] if address else [], hashtags=[], mentions=[], permalink=address,
        media=picture(cell(row, "V2.1SharingImage")),
    )  # fmt: skip


FORMAT = Format(
    name="gdelt-gkg",
    summary="GDELT Global Knowledge Graph 2.1: articles of outlets, by quarters of an hour; only by --as",
    about=__doc__,
    way=Rows(post, _READS, ("V2.1DATE", "V2SourceCommonName"), BARE),
    fields={
        "account": "V2SourceCommonName", "account_kind": "media_account", "id": "GKGRECORDID",
        "time": "V2.1DATE (the collector's quarter of an hour)", "text": "PAGE_TITLE in V2ExtrasXML",
        "lang": "srclc in V2.1TranslationInfo", "urls": "V2DocumentIdentifier", "permalink": "V2DocumentIdentifier",
        "media": "V2.1SharingImage",
    },
    platform="news",
    zone="UTC",
)  # fmt: skip
