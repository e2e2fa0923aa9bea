"""The same file is the same object."""

from __future__ import annotations

import pytest

from unisono.clean.media import media_object


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"hash": "ABCDEF01", "hash_kind": "MD5"}, "md5:abcdef01"),
        ({"hash": "bafkreia", "hash_kind": "cid"}, "cid:bafkreia"),
        ({"hash": "QmAbC", "hash_kind": "cid"}, "cid:QmAbC"),
        ({"hash": "ab12", "hash_kind": None}, "hash:ab12"),
        ({"hash": None, "hash_kind": "md5", "url": "https://example.com/a.jpg"}, None),
        ({"url": "https://example.com/a.jpg"}, None),
        ({"hash": " ", "hash_kind": "md5"}, None),
        ({"hash": "nan", "hash_kind": "md5"}, None),
        ({"hash": "0000000000000000", "hash_kind": "phash"}, None),
        ({"hash": "D41D8CD98F00B204E9800998ECF8427E", "hash_kind": "md5"}, None),
        ({"hash": "\ud800", "hash_kind": "md5"}, "md5:\ufffd"),
    ],
)
def test_media_object(item: dict[str, str | None], expected: str | None) -> None:
    assert media_object(item) == expected
