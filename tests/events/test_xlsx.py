"""Excel: values only, nothing lost, and each trap by name."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.events.reading import LOOSE, events, mapped, read_tables, reasons
from unisono.events.files.xlsx_rows import NO_VALUE
from unisono.study import Limits, UserError

MAP = "account=user,time=when,text=body,id=id"
HEAD = ["user", "when", "body", "id"]
WHEN = "2021-03-04T05:06:07Z"
GIVEN = {"map": MAP, "zone": "UTC"}


def book(rows: Sequence[Sequence[Any]], *others: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet or more."""
    made, out = Workbook(), io.BytesIO()
    made.remove(made.active)
    for n, cells in enumerate((rows, *others)):
        sheet = made.create_sheet(f"s{n}")
        for row in cells:
            sheet.append(list(row))
    made.save(out)
    return out.getvalue()


def changed(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The workbook with some bytes of a member replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            content = before.read(item)
            if item.filename == member:
                assert old in content
                content = content.replace(old, new)
            after.writestr(item, content)
    return out.getvalue()


def test_values_of_every_kind() -> None:
    when = dt.datetime(2021, 3, 4, 5, 6, 7)
    first, second = events("p.xlsx", book([HEAD, ["ann", when, "hi", 12], [7, WHEN, True, "x"]]), **GIVEN)
    assert (first["account_id"], first["t_us"], first["text"], first["event_id"]) == (
        "ann", 1_614_834_367_000_000, "hi", "12",
    )  # fmt: skip
    assert (second["account_id"], second["t_us"], second["text"]) == ("7", first["t_us"], "true")


def test_a_formula_is_its_last_value_and_one_without_is_empty_and_counted() -> None:
    data = book([HEAD, ["ann", WHEN, "=1+1", 1], ["bob", WHEN, "=HYPERLINK(A1)", 2]])
    data = changed(data, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    found = read_tables("p.xlsx", data, **GIVEN)
    assert sorted(str(e["text"]) for e in found.out.facts["events"]) == ["2", "None"]
    assert f"p.xlsx: 1 {NO_VALUE}" in found.out.notes


def test_an_id_that_excel_rounded_is_no_id() -> None:
    data = book(
        [HEAD, [1234567890123450000, WHEN, "a", 1], [1, WHEN, "b", 1234567890123450000], [2, WHEN, "c", "9" * 19]]
    )
    assert reasons("p.xlsx", data, **GIVEN) == [(2, "mangled_account")]
    assert [e["event_id"][:4] for e in events("p.xlsx", data, limits=LOOSE, **GIVEN)] == ["row/", "9999"]


def test_rows_of_other_widths() -> None:
    data = book([HEAD, ["ann", WHEN], ["bob", WHEN, "x", 1, "more"], [], ["cyd", WHEN, "y", 2], [], []])
    assert len(events("p.xlsx", data, limits=LOOSE, **GIVEN)) == 2
    assert reasons("p.xlsx", data, **GIVEN) == [(3, "bad_row"), (4, "empty_row")]


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    data = book([HEAD, ["ann", WHEN, "x", 1]])
    data = changed(data, "xl/worksheets/sheet1.xml", b'ref="A1:D2"', b'ref="A1:XFD1048576"')
    assert len(events("p.xlsx", data, **GIVEN)) == 1


def test_a_field_that_is_too_long() -> None:
    data = book([HEAD, ["ann", WHEN, "x" * 200, 1]])
    assert reasons("p.xlsx", data, limits=Limits(field_chars=100, rejects_share=1), **GIVEN) == [(2, "field_too_long")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no workbook"),
        (b"PK\x03\x04 not", "no workbook"),
        (book([]), "is empty"),
        (book([["a", "a"]]), "more than one column"),
        (book([HEAD], [HEAD]), "more than one sheet"),
        (changed(book([HEAD]), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><"), "no workbook"),
    ],
)
def test_what_is_no_sheet_is_said(data: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_tables("p.xlsx", data, **GIVEN)


def test_entities_do_not_multiply() -> None:
    bomb = (
        b'<!DOCTYPE w [<!ENTITY a "'
        + b"x" * 100
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 50) for i in range(7))
        + b"]><worksheet"
    )
    data = changed(book([HEAD, ["ann", WHEN, "text", 1]]), "xl/worksheets/sheet1.xml", b"<worksheet", bomb)
    data = changed(data, "xl/worksheets/sheet1.xml", b"<v>", b"<v>&h;")
    with pytest.raises(UserError, match="no workbook"):
        read_tables("p.xlsx", data, **GIVEN)


def rebuilt(data: bytes, member: str, change: Callable[[bytes], bytes], name: str) -> bytes:
    """The workbook with a member changed, under another name by which the others know it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            content = before.read(item)
            if item.filename == member:
                after.writestr(name, change(content))
            else:
                old, new = (n.removeprefix("xl/").encode() for n in (member, name))
                after.writestr(item.filename, content.replace(old, new))
    return out.getvalue()


SHEET, SECRET = "xl/worksheets/sheet1.xml", "what stands in another file"
PROLOGS = {
    "a document type alone": "<!DOCTYPE w>",
    "an entity": '<!DOCTYPE w [<!ENTITY a "leaked">]>',
    "a file": '<!DOCTYPE w [<!ENTITY a SYSTEM "file://{secret}">]>',
    "a file of entities": '<!DOCTYPE w SYSTEM "file://{secret}">',
    "a parameter entity": '<!DOCTYPE w [<!ENTITY % p SYSTEM "file://{secret}"> %p;]>',
    "after comments": "<!-- one --> <?two three?>\n<!-- " + "long" * 5000 + " --><!DOCTYPE w>",
    "in small letters": "<!doctype w>",
}  # fmt: skip


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.dat", "xl/worksheets/sheet1"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("prolog", PROLOGS)
def test_a_sheet_with_a_document_type_is_refused(tmp_path: Path, name: str, codec: str, prolog: str) -> None:
    """Whatever the part is called: a sheet named .dat was once read, its entities replaced."""
    (tmp_path / "secret.txt").write_text(SECRET)
    declared = PROLOGS[prolog].replace("{secret}", str(tmp_path / "secret.txt"))

    def attacked(content: bytes) -> bytes:
        text = content.decode().replace("<worksheet", f"{declared}<worksheet", 1)
        return text.replace("<t>text</t>", "<t>&a;</t>" if "ENTITY a" in declared else "<t>text</t>").encode(codec)

    data = rebuilt(book([HEAD, ["ann", WHEN, "text", 1]]), SHEET, attacked, name)
    with pytest.raises(UserError, match="declares entities, or is no XML in UTF-8") as e:
        read_tables("p.xlsx", data, limits=LOOSE, **GIVEN)
    assert SECRET not in str(e.value)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels",
                                    "[Content_Types].xml", "xl/theme/theme1.xml", "docProps/core.xml"])  # fmt: skip
def test_no_part_of_a_workbook_may_have_a_document_type(member: str) -> None:
    data = rebuilt(
        book([HEAD, ["ann", WHEN, "text", 1]]), member, lambda c: c[: c.index(b"?>") + 2 if c[:2] == b"<?" else 0]
        + b"<!DOCTYPE x []>" + c[c.index(b"?>") + 2 if c[:2] == b"<?" else 0 :], member,
    )  # fmt: skip
    with pytest.raises(UserError, match="declares entities"):
        read_tables("p.xlsx", data, **GIVEN)


def test_pictures_and_printer_settings_are_no_xml() -> None:
    """And a sheet without a document type may be called what it likes."""
    data = rebuilt(book([HEAD, ["ann", WHEN, "text", 1]]), SHEET, bytes, "xl/worksheets/sheet1.dat")
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/printerSettings/printerSettings1.bin", "Printer <1>".encode("utf-16-le"))
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n<!DOCTYPE")
        archive.writestr("xl/media/image2.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF")
        archive.writestr("xl/media/empty.bin", b"")
    assert [e["text"] for e in events("p.xlsx", out.getvalue(), **GIVEN)] == ["text"]


def test_a_sheet_of_formulas_whose_values_were_never_computed() -> None:
    """As a program writes it that computes nothing: the rows lack what they need, and it is said why."""
    rows = [["ann", WHEN, "=1+1", 1], ["bob", "=NOW()", "b", 2], ["=A1", WHEN, "c", 3], ["dan", WHEN, "d", "=ROW()"]]
    found = read_tables("p.xlsx", book([HEAD, *rows]), limits=LOOSE, **GIVEN)
    kept = {e["account_id"]: (e["text"], e["event_id"][:4]) for e in found.out.facts["events"]}
    assert kept == {"ann": (None, "1"), "dan": ("d", "row/")}
    assert [(r["line"], r["reason"]) for r in found.out.facts["rejects"]] == [(3, "no_time"), (4, "no_account")]
    assert f"p.xlsx: 4 {NO_VALUE}" in found.out.notes
    with pytest.raises(UserError, match="holds formulas and none of the values"):
        read_tables("p.xlsx", book([["=A2"] * 4, ["=B1"] * 4]), **GIVEN)


def test_a_sheet_that_unpacks_to_too_much() -> None:
    data = changed(book([HEAD]), "xl/worksheets/sheet1.xml", b"</worksheet>", b" " * (40 << 20) + b"</worksheet>")
    with pytest.raises(UserError, match="unpacks to more"):
        read_tables("p.xlsx", data, **GIVEN)


_CELL = st.none() | st.booleans() | st.integers() | st.floats() | st.text("a1=<&\u202e'\"", max_size=5) | st.datetimes()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_CELL, max_size=6), max_size=5), st.lists(st.integers(0, 1 << 20), max_size=2))
def test_nothing_breaks_and_nothing_is_lost(rows: list[list[Any]], flips: list[int]) -> None:
    raw = bytearray(book([HEAD, *rows]))
    for flip in flips:
        raw[flip // 8 % len(raw)] ^= 1 << flip % 8
    try:
        kept, lost, n = mapped("p.xlsx", bytes(raw), **GIVEN)
    except UserError:
        return
    assert len(kept) + lost == n
