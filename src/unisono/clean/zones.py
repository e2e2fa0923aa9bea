"""Abbreviations of zones that countries use and the zone database has stopped using: BRT is `-03` there since 2017.

An abbreviation is believed only under a declared zone of its country, and only where that zone's clocks are, at the
time in question, where the abbreviation says they are: AST is Arabia's in Asia/Riyadh and the Atlantic's in
America/Halifax, VET was half an hour off from 2007 to 2016. Offsets are those of the database itself, as far as it
still named them (tz 2016), and of the countries' own usage.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Usage(NamedTuple):
    """What an abbreviation means in one country: offsets from UTC in minutes (at one time or another), and its zones.

    summer: whether it is the name of daylight saving time, and else of standard time only
    """

    offsets: tuple[int, ...]
    zones: tuple[str, ...]
    summer: bool = False


_BRAZIL = (
    *(
        f"America/{c}"
        for c in ("Sao_Paulo", "Bahia", "Fortaleza", "Recife", "Maceio", "Belem", "Araguaina", "Santarem")
    ),
    "Brazil/East",
)
_ARGENTINA = (
    *(f"America/Argentina/{c}" for c in (
        "Buenos_Aires", "Cordoba", "Salta", "Tucuman", "Mendoza", "San_Juan", "San_Luis", "La_Rioja", "Catamarca",
        "Jujuy", "Rio_Gallegos", "Ushuaia",
    )),
    "America/Buenos_Aires", "America/Cordoba",
)  # fmt: skip
_CHILE = ("America/Santiago", "Chile/Continental")
_INDOCHINA = tuple(f"Asia/{c}" for c in ("Bangkok", "Ho_Chi_Minh", "Saigon", "Phnom_Penh", "Vientiane"))
_ARABIA = tuple(f"Asia/{c}" for c in ("Riyadh", "Baghdad", "Kuwait", "Qatar", "Bahrain", "Aden"))
_USAGES: dict[str, tuple[Usage, ...]] = {
    "BRT": (Usage((-180,), _BRAZIL),), "BRST": (Usage((-120,), _BRAZIL, True),),
    "ART": (Usage((-180,), _ARGENTINA),), "ARST": (Usage((-120,), _ARGENTINA, True),),
    "CLT": (Usage((-240,), _CHILE),), "CLST": (Usage((-180,), _CHILE, True),),
    "COT": (Usage((-300,), ("America/Bogota",)),), "PET": (Usage((-300,), ("America/Lima",)),),
    "ECT": (Usage((-300,), ("America/Guayaquil",)),), "BOT": (Usage((-240,), ("America/La_Paz",)),),
    "VET": (Usage((-240, -270), ("America/Caracas",)),),
    "PYT": (Usage((-240, -180), ("America/Asuncion",)),), "PYST": (Usage((-180,), ("America/Asuncion",), True),),
    "UYT": (Usage((-180,), ("America/Montevideo",)),), "UYST": (Usage((-120,), ("America/Montevideo",), True),),
    "MSK": (Usage((180, 240), ("Europe/Moscow", "Europe/Kirov", "Europe/Volgograd", "W-SU")),),
    "SAMT": (Usage((240, 180), ("Europe/Samara",)),),
    "YEKT": (Usage((300, 360), ("Asia/Yekaterinburg",)),), "OMST": (Usage((360, 420), ("Asia/Omsk",)),),
    "NOVT": (Usage((360, 420), ("Asia/Novosibirsk",)),), "KRAT": (Usage((420, 480), ("Asia/Krasnoyarsk",)),),
    "IRKT": (Usage((480, 540), ("Asia/Irkutsk",)),), "YAKT": (Usage((540, 600), ("Asia/Yakutsk",)),),
    "VLAT": (Usage((600, 660), ("Asia/Vladivostok",)),), "MAGT": (Usage((600, 660, 720), ("Asia/Magadan",)),),
    "PETT": (Usage((660, 720), ("Asia/Kamchatka",)),),
    "TRT": (Usage((180,), ("Europe/Istanbul", "Asia/Istanbul", "Turkey")),),
    "IRST": (Usage((210,), ("Asia/Tehran", "Iran")),), "IRDT": (Usage((270,), ("Asia/Tehran", "Iran"), True),),
    "AFT": (Usage((270,), ("Asia/Kabul",)),), "PKT": (Usage((300,), ("Asia/Karachi",)),),
    "UZT": (Usage((300,), ("Asia/Tashkent", "Asia/Samarkand")),), "TJT": (Usage((300,), ("Asia/Dushanbe",)),),
    "TMT": (Usage((300,), ("Asia/Ashgabat",)),), "KGT": (Usage((360,), ("Asia/Bishkek",)),),
    "ALMT": (Usage((300, 360), ("Asia/Almaty",)),), "AZT": (Usage((240,), ("Asia/Baku",)),),
    "GET": (Usage((240,), ("Asia/Tbilisi",)),),
    "AMT": (Usage((240,), ("Asia/Yerevan",)), Usage((-240,), ("America/Manaus", "America/Porto_Velho", "Brazil/West"))),
    "GST": (Usage((240,), ("Asia/Dubai", "Asia/Muscat")), Usage((-120,), ("Atlantic/South_Georgia",))),
    "AST": (Usage((180,), _ARABIA), Usage((-240,), ("America/Halifax", "America/Puerto_Rico", "Atlantic/Bermuda"))),
    "IST": (Usage((330,), ("Asia/Kolkata", "Asia/Calcutta")), Usage((60,), ("Europe/Dublin", "Eire"), True),
            Usage((120,), ("Asia/Jerusalem", "Asia/Tel_Aviv", "Israel"))),
    "BST": (Usage((360,), ("Asia/Dhaka",)), Usage((60,), ("Europe/London", "GB"), True)),
    "NPT": (Usage((345,), ("Asia/Kathmandu", "Asia/Katmandu")),), "MMT": (Usage((390,), ("Asia/Yangon",)),),
    "ICT": (Usage((420,), _INDOCHINA),), "WIB": (Usage((420,), ("Asia/Jakarta", "Asia/Pontianak")),),
    "WITA": (Usage((480,), ("Asia/Makassar",)),), "WIT": (Usage((540,), ("Asia/Jayapura",)),),
    "SGT": (Usage((480,), ("Asia/Singapore", "Singapore")),), "BNT": (Usage((480,), ("Asia/Brunei",)),),
    "MYT": (Usage((480,), ("Asia/Kuala_Lumpur", "Asia/Kuching")),), "PHT": (Usage((480,), ("Asia/Manila",)),),
}  # fmt: skip


def means(abbreviation: str, declared: str, local: datetime) -> bool:
    """Whether this is what the country of the `declared` zone calls its time; `local` is in that zone."""
    offset, summer = local.utcoffset(), bool(local.dst())
    minutes = None if offset is None else offset.total_seconds() / 60
    usages = _USAGES.get(abbreviation, ())
    return any(declared in u.zones and minutes in u.offsets and summer == u.summer for u in usages)


def refusal(written: str, abbreviation: str, declared: str | None) -> str:
    """Why an abbreviation (shown as `written`) is not read under this zone, and what to declare instead."""
    usages = _USAGES.get(abbreviation, ())
    own = next((u for u in usages if declared in u.zones), None)
    if own is not None:
        offset = "{}{:02}:{:02}".format("-" if own.offsets[0] < 0 else "+", *divmod(abs(own.offsets[0]), 60))
        return (
            f"the clocks of {declared} did not show {written} at this time; if the times are {offset} all the year, "
            "declare that"
        )
    such = " or ".join(u.zones[0] for u in usages) or "Europe/Prague for CEST"
    return f"the zone {written} is not unequivocal; declare one of that name, such as {such}"


def usages() -> dict[str, tuple[Usage, ...]]:
    """Every abbreviation that is understood under a zone of its country."""
    return dict(_USAGES)
