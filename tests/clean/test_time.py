"""Times: what was written, to the microsecond, with the step in which it was written."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.clean import clock, zones
from unisono.clean.time import (
    BadTime,
    NaiveTime,
    TimeRule,
    format_duration,
    format_time,
    parse_duration,
    parse_time,
    snowflake_us,
)

PLAIN, IN_UTC = TimeRule(), TimeRule(zone="UTC")
MS, SECOND, MINUTE, HOUR, DAY = 1_000, 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000


def us(*parts: int) -> int:
    return round((datetime(*parts, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("written", "expected", "step"),
    [
        ("2014-08-21T08:29:01Z", us(2014, 8, 21, 8, 29, 1), SECOND),
        ("2014-08-21 08:29Z", us(2014, 8, 21, 8, 29), MINUTE),
        ("2014-08-21T08Z", us(2014, 8, 21, 8), HOUR),
        ("2014-08-21T08:29:01.1Z", us(2014, 8, 21, 8, 29, 1, 100_000), 100 * MS),
        ("2014-08-21T08:29:01.000Z", us(2014, 8, 21, 8, 29, 1), MS),
        ("2014-08-21T08:29:01,123456Z", us(2014, 8, 21, 8, 29, 1, 123456), 1),
        ("2014-08-21T08:29:01.123456999Z", us(2014, 8, 21, 8, 29, 1, 123456), 1),
        ("2014-08-21T08:29:01+03:00", us(2014, 8, 21, 5, 29, 1), SECOND),
        ("2014-08-21T08:29:01-0330", us(2014, 8, 21, 11, 59, 1), SECOND),
        ("2014-08-21 08:29:01 +0000", us(2014, 8, 21, 8, 29, 1), SECOND),
        ("2014-08-21 08:29:01 UTC", us(2014, 8, 21, 8, 29, 1), SECOND),
        ("2014-08-21 08:29:01 EST", us(2014, 8, 21, 13, 29, 1), SECOND),
        ("20140821T082901Z", us(2014, 8, 21, 8, 29, 1), SECOND),
        ("  2014-08-21T08:29:01Z\n", us(2014, 8, 21, 8, 29, 1), SECOND),
        ("Wed Aug 27 13:08:45 +0000 2008", us(2008, 8, 27, 13, 8, 45), SECOND),
        ("Mon, 1 Jan 2024 00:00:00 GMT", us(2024, 1, 1), SECOND),
        ("1 Jan 2024 00:00 +0100", us(2023, 12, 31, 23), MINUTE),
        ("1388534400", us(2014, 1, 1), SECOND),
        ("1388534400.0", us(2014, 1, 1), SECOND),
        ("1388534400.25", us(2014, 1, 1, 0, 0, 0, 250_000), 10 * MS),
        (1388534400, us(2014, 1, 1), SECOND),
        (1388534400.0, us(2014, 1, 1), SECOND),
        (1388534400.6, us(2014, 1, 1, 0, 0, 0, 600_000), MS),
        (Decimal("1388534400.5"), us(2014, 1, 1, 0, 0, 0, 500_000), MS),
        (datetime(2014, 8, 21, 8, 29, 1, 5, tzinfo=UTC), us(2014, 8, 21, 8, 29, 1, 5), 1),
        (datetime(2014, 8, 21, 8, tzinfo=timezone(timedelta(hours=3))), us(2014, 8, 21, 5), 1),
    ],
)
def test_times_that_need_no_declaration(written: object, expected: int, step: int) -> None:
    assert parse_time(written, PLAIN) == (expected, step)


@pytest.mark.parametrize(
    ("written", "rule", "expected", "step"),
    [
        ("2014-08-21", IN_UTC, us(2014, 8, 21), DAY),
        (date(2014, 8, 21), IN_UTC, us(2014, 8, 21), DAY),
        ("2014-08-21 08:29", IN_UTC, us(2014, 8, 21, 8, 29), MINUTE),
        ("2014-08-21 08:29:01", TimeRule(zone="+03:00"), us(2014, 8, 21, 5, 29, 1), SECOND),
        ("2014-08-21 08:29:01", TimeRule(zone="Europe/Moscow"), us(2014, 8, 21, 4, 29, 1), SECOND),
        ("2014-12-21 08:29:01", TimeRule(zone="Europe/Moscow"), us(2014, 12, 21, 5, 29, 1), SECOND),
        ("2014-08-21T08:29:01Z", TimeRule(zone="Europe/Moscow"), us(2014, 8, 21, 8, 29, 1), SECOND),
        (datetime(2014, 8, 21, 8), TimeRule(zone="-0200"), us(2014, 8, 21, 10), 1),
        ("1388534400123", TimeRule("unix_ms"), us(2014, 1, 1, 0, 0, 0, 123_000), MS),
        (1388534400123456, TimeRule("unix_us"), us(2014, 1, 1, 0, 0, 0, 123_456), 1),
        (7, TimeRule("unix"), 7_000_000, SECOND),
        ("-0.5", TimeRule("unix"), -500_000, 100 * MS),
        ("21/08/2014 08:29", TimeRule("%d/%m/%Y %H:%M", "UTC"), us(2014, 8, 21, 8, 29), MINUTE),
        ("20140821083000", TimeRule("%Y%m%d%H%M%S", "UTC"), us(2014, 8, 21, 8, 30), SECOND),
        ("21.08.14 1.25", TimeRule("%d.%m.%y %S.%f", "UTC"), us(2014, 8, 21, 0, 0, 1, 250_000), 10_000),
        ("2014-08-21 08 +0300", TimeRule("%Y-%m-%d %H %z"), us(2014, 8, 21, 5), HOUR),
        ("2014-08", TimeRule("%Y-%m", "UTC"), us(2014, 8, 1), 31 * DAY),
    ],
)  # fmt: skip
def test_times_under_a_rule(written: object, rule: TimeRule, expected: int, step: int) -> None:
    assert parse_time(written, rule) == (expected, step)


def test_a_gap_is_read_with_the_offset_before_it_and_a_fold_is_the_first() -> None:
    berlin = TimeRule(zone="Europe/Berlin")
    assert parse_time("2024-03-31 02:30:00", berlin)[0] == us(2024, 3, 31, 1, 30)
    assert parse_time("2024-10-27 02:30:00", berlin)[0] == us(2024, 10, 27, 0, 30)
    assert parse_time(datetime(2024, 10, 27, 2, 30, fold=1), berlin)[0] == us(2024, 10, 27, 0, 30)


@pytest.mark.parametrize("written", ["2014-08-21 08:29:01", "2014-08-21", "Wed Aug 27 13:08:45 2008", date(2014, 1, 1)])
def test_a_time_without_a_zone_is_refused(written: object) -> None:
    with pytest.raises(NaiveTime, match="zone"):
        parse_time(written, PLAIN)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("1388534400000", "unix_ms"),
        (1388534400000000, "unix_us"),
        ("20140821", "%Y%m%d"),
        ("20140821083000", "%Y%m%d%H%M%S"),
        ("2014", "%Y"),
        ("1.39E+09", "spreadsheet"),
        ("٢٠١٤-٠٨-٢١ 08:29:01", "no ISO"),
        ("۲۰۱۴-۰۸-۲۱", "no ISO"),
        ("2014-02-30 08:29:01", "day"),
        ("2014-08-21 25:00:00", "hour"),
        ("2014-08-21 08:29:01 IST", "IST"),
        ("2014-08-21 08:29:01 +99:00", "offset"),
        ("Wed Foo 27 13:08:45 +0000 2008", "no ISO"),
        ("2014-08-21T08:29:01Z\x00", "no ISO"),
        ("\ud800", "no ISO"),
        ("", "no ISO"),
        ("x" * 1_000_000, "no ISO"),
        ("9" * 1_000_000, "no ISO"),
        (None, "no time"),
        (True, "no time"),
        (float("nan"), "no time"),
        (float("inf"), "no time"),
        pytest.param(10**5000, "no time", id="huge"),
        (Decimal("NaN"), "no time"),
        ([], "no time"),
    ],
)
def test_bad_times_say_why(written: object, says: str) -> None:
    with pytest.raises(BadTime, match=says) as caught:
        parse_time(written, IN_UTC)
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("2014-08-21", TimeRule("%d/%m/%Y", "UTC")),
        ("٢١/٠٨/٢٠١٤", TimeRule("%d/%m/%Y", "UTC")),
        ("soon", TimeRule("unix")),
        (10**17, TimeRule("unix")),
    ],
)
def test_a_value_that_does_not_fit_its_rule(written: object, rule: TimeRule) -> None:
    with pytest.raises(BadTime):
        parse_time(written, rule)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../../etc/passwd", "+25:00", "+03:75", "MSK\x00", "EST5\n"])
def test_an_unknown_zone_is_refused_at_once(zone: str) -> None:
    with pytest.raises(ValueError, match=r"zone|offset"):
        TimeRule(zone=zone)


@pytest.mark.parametrize("pattern", ["iso", "", "%H:%M", "%Y-%m-%d %Z"])
def test_an_unusable_pattern_is_refused_at_once(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"format|zone"):
        TimeRule(pattern)


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
)
def test_iso_round_trip(when: datetime, timespec: str) -> None:
    written = when.isoformat("T", timespec)
    cut = datetime.fromisoformat(written)
    expected = round((cut - datetime(1970, 1, 1)) / timedelta(microseconds=1)) if timespec == "seconds" else None
    t_us, step = parse_time(written, IN_UTC)
    assert step == {"seconds": SECOND, "milliseconds": MS, "microseconds": 1}[timespec]
    assert datetime(1970, 1, 1) + timedelta(microseconds=t_us) == cut
    assert expected is None or t_us == expected
    assert parse_time(f"{written}Z", PLAIN) == (t_us, step)
    assert parse_time(f"{written}+02:00", PLAIN) == (t_us - 2 * HOUR, step)


@given(st.text() | st.floats() | st.integers() | st.decimals(allow_nan=False) | st.from_regex(r"[0-9T:Z+. -]{1,30}"))
def test_any_value_is_a_time_or_a_sentence(value: object) -> None:
    for rule in (IN_UTC, TimeRule("unix"), TimeRule("%Y-%m-%d", "UTC")):
        with suppress(BadTime, NaiveTime):
            t_us, step = parse_time(value, rule)
            assert -(2**63) <= t_us < 2**63
            assert 1 <= step <= 366 * DAY


def test_snowflakes() -> None:
    assert snowflake_us(1) is None
    assert snowflake_us(29_700_859_246) is None
    assert snowflake_us(-5) is None
    assert snowflake_us(1 << 63) is None
    first = snowflake_us(29_700_859_247)
    assert first is not None
    assert format_time(first).startswith("2010-11-04 01:43")
    assert snowflake_us(((1_600_000_000_123 - 1_288_834_974_657) << 22) + 77) == 1_600_000_000_123_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60s", MINUTE), ("10m", 10 * MINUTE), ("10 min", 10 * MINUTE), ("1h", HOUR), ("1d", DAY),
        ("1w", 7 * DAY), ("500ms", 500 * MS), ("7us", 7), ("90", 90 * SECOND), ("0", 0), ("0s", 0),
        ("1.5h", 90 * MINUTE), (" 1H ", HOUR),
    ],
)  # fmt: skip
def test_parse_duration(text: str, expected: int) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "s", "-1s", "1y", "1e3", "ten", "1 2", "0.1us", "١s", "9" * 5000, "999999999d", "\x00"]
)
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|microseconds"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0 s"), (1, "0.001 ms"), (500 * MS, "500 ms"), (MINUTE, "60 s"), (90 * SECOND, "90 s"),
        (10 * MINUTE, "10 min"), (90 * MINUTE, "1 h 30 min"), (HOUR, "1 h"), (DAY, "1 d"),
        (12_345_678, "12.345678 s"), (-10 * MINUTE, "-10 min"), (DAY + 1_500_000, "1 d 1.5 s"),
    ],
)  # fmt: skip
def test_format_duration(duration: int, text: str) -> None:
    assert format_duration(duration) == text


@given(st.integers(0, 10**13))
def test_a_formatted_duration_loses_nothing(duration: int) -> None:
    words = format_duration(duration).split()
    assert sum(parse_duration(n + unit) for n, unit in zip(words[::2], words[1::2], strict=True)) == duration


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_int64_can_be_shown(t_us: int) -> None:
    assert format_time(t_us).endswith(" UTC")


def test_format_time() -> None:
    assert format_time(us(2021, 3, 4, 5, 6, 7)) == "2021-03-04 05:06:07 UTC"
    assert format_time(us(2021, 3, 4, 5, 6, 7, 89_999)) == "2021-03-04 05:06:07.089 UTC"
    assert format_time(-1) == "1969-12-31 23:59:59.999 UTC"
    assert format_time(2**63 - 1) == "9223372036854775807 us since 1970 UTC"


@given(
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,+][0-9+:]{2,7})?|\+[0-9]{2})?Z?", fullmatch=True
    ),
    st.integers(0, 30), st.sampled_from(["", "", "", "0", ":", ".", "+", "-", "٣", "Z", " "]),
)  # fmt: skip
def test_the_fast_path_says_what_the_strict_parser_says(s: str, at: int, odd: str) -> None:
    s = s[:at] + odd + s[at + len(odd) :] if odd else s
    fast = clock.plain(s)
    if fast is not None:
        assert fast == clock.from_words(s)
        assert fast[0].tzinfo == clock.from_words(s)[0].tzinfo


@pytest.mark.parametrize(
    ("written", "declared", "hours"),
    [
        ("2021-07-04 12:00:00 CEST", "Europe/Prague", 2),
        ("2021-01-04 12:00:00 CET", "Europe/Prague", 1),
        ("2021-07-04 12:00:00 CET", "Europe/Prague", None),
        ("2021-07-04 12:00:00 CEST", None, None),
        ("2021-07-04 12:00:00 CST", "Asia/Shanghai", 8),
        ("2021-07-04 12:00:00 CST", "Europe/Prague", -6),
        ("2021-07-04 12:00:00 CST", None, -6),
        ("2021-07-04 12:00:00 IST", "Asia/Kolkata", 5.5),
        ("2021-07-04 12:00:00 IST", "Europe/Dublin", 1),
        ("2021-10-31 02:30:00 CEST", "Europe/Prague", 2),
        ("2021-10-31 02:30:00 CET", "Europe/Prague", 1),
        ("2021-07-04 12:00:00 BRT", "America/Sao_Paulo", -3),
        ("2018-01-04 12:00:00 BRST", "America/Sao_Paulo", -2),
        ("2018-01-04 12:00:00 BRT", "America/Sao_Paulo", None),
        ("2021-07-04 12:00:00 BRT", "America/Argentina/Buenos_Aires", None),
        ("2021-07-04 12:00:00 BRT", "UTC", None),
        ("2021-07-04 12:00:00 BRT", "-03:00", None),
        ("2021-07-04 12:00:00 BRT", None, None),
        ("2018-02-17 23:30:00 BRST", "America/Sao_Paulo", -2),
        ("2018-02-17 23:30:00 BRT", "America/Sao_Paulo", -3),
        ("2015-07-04 12:00:00 CLST", "America/Santiago", -3),
        ("2015-07-04 12:00:00 CLT", "America/Santiago", None),
        ("2021-07-04 12:00:00 CLT", "America/Santiago", -4),
        ("2021-01-04 12:00:00 CLT", "America/Santiago", None),
        ("2010-07-04 12:00:00 VET", "America/Caracas", -4.5),
        ("2021-07-04 12:00:00 VET", "America/Caracas", -4),
        ("2021-07-04 12:00:00 AST", "Asia/Riyadh", 3),
        ("2021-01-04 12:00:00 AST", "America/Halifax", -4),
        ("2021-07-04 12:00:00 AST", "America/Halifax", None),
        ("2021-07-04 12:00:00 AST", None, None),
        ("2021-01-04 12:00:00 IST", "Asia/Jerusalem", 2),
        ("2021-07-04 12:00:00 IST", "Asia/Jerusalem", None),
        ("2021-01-04 12:00:00 IST", "Europe/Paris", None),
        ("2021-07-04 12:00:00 IRDT", "Asia/Tehran", 4.5),
        ("2023-07-04 12:00:00 IRST", "Asia/Tehran", 3.5),
        ("2008-07-04 12:00:00 YEKT", "Asia/Yekaterinburg", None),
        ("2012-07-04 12:00:00 YEKT", "Asia/Yekaterinburg", 6),
        ("2012-07-04 12:00:00 MSK", "Europe/Moscow", 4),
        ("2021-07-04 12:00:00 TRT", "Europe/Istanbul", 3),
        ("2021-07-04 12:00:00 PHT", "Asia/Manila", 8),
        ("2021-07-04 12:00:00 EST", "America/Sao_Paulo", -5),
    ],
)
def test_abbreviations_are_what_the_declared_zone_calls_itself(
    written: str, declared: str | None, hours: float | None
) -> None:
    rule = TimeRule(None, declared)
    if hours is None:
        with pytest.raises(BadTime, match=r"not unequivocal|did not show"):
            parse_time(written, rule)
        return
    bare = written.rpartition(" ")[0]
    assert parse_time(written, rule)[0] == parse_time(bare, TimeRule(None, "UTC"))[0] - int(hours * 3_600_000_000)


@pytest.mark.parametrize("name", zones.usages())
def test_a_countrys_abbreviation_is_an_offset_that_its_zone_once_had_and_never_any_other(name: str) -> None:
    for usage in zones.usages()[name]:
        read: set[float] = set()
        for declared in usage.zones:
            for day in (datetime(2000, 1, 15, 12) + timedelta(days=89 * i) for i in range(100)):
                t_us = None
                with suppress(BadTime):
                    t_us, _ = parse_time(f"{day:%Y-%m-%d %H:%M:%S} {name}", TimeRule(None, declared))
                if t_us is None:
                    continue
                read.add((parse_time(str(day), TimeRule(None, "UTC"))[0] - t_us) / 60_000_000)
                assert t_us == parse_time(str(day), TimeRule(None, declared))[0]
        assert read
        assert read <= set(usage.offsets)


def test_a_refused_abbreviation_says_which_zones_use_it() -> None:
    with pytest.raises(BadTime, match="Asia/Kolkata or Europe/Dublin or Asia/Jerusalem"):
        parse_time("2021-07-04 12:00:00 IST", TimeRule(None, None))
    with pytest.raises(BadTime, match=r"declare one of that name, such as America/Sao_Paulo"):
        parse_time("2021-07-04 12:00:00 BRT", TimeRule(None, "UTC"))
    with pytest.raises(
        BadTime, match=r"did not show 'BRT' at this time; if the times are -03:00 all the year, declare"
    ):
        parse_time("2018-01-04 12:00:00 BRT", TimeRule(None, "America/Sao_Paulo"))
