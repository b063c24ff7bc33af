"""What the text in a cell of a table means: missing, a word, a number, a date or a time.

It needs nothing but Python: tools.export copies it beside infer_onnx.py, so that a table is read
there exactly as in training.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple, TypedDict

# What programs write for "not available": pandas and R (NA, NaN, <NA>), databases (NULL),
# spreadsheets (#N/A and their errors), and the "?" of many old data sets. "Na" (sodium), "Nan" and
# "Null" (names) are written otherwise, so they are words.
NA_CODES = {
    *("", "?", "NA", "na", "N/A", "n/a", "NaN", "nan", "NAN", "-nan", "-NaN", "NULL", "null"),
    *(
        "<NA>",
        "<na>",
        "#N/A",
        "#n/a",
        "#NA",
        "#N/A N/A",
        "1.#IND",
        "-1.#IND",
        "1.#QNAN",
        "-1.#QNAN",
    ),
    *("#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"),
}
# What people write where a number or a date is missing. In a column of words these are values.
WORDS_FOR_NONE = {
    "",
    *("-", "--", "---", "\u2013", "\u2014", ".", "..", "...", "\u2026", "*", "inf", "-inf"),
    *("none", "unknown", "missing", "not available", "not applicable", "not known", "undefined"),
    *("n.a.", "n. a.", "n.d.", "nd", "nil", "na", "nan", "null", "blank", "empty", "tbd", "unk"),
    *("없음", "미상", "모름", "해당없음", "해당 없음", "불명", "결측", "미정", "미입력", "무응답"),
    *("unbekannt", "keine", "keine angabe", "k.a.", "k. a.", "inconnu", "desconocido", "ninguno"),
    *("0000-00-00", "0000-00-00 00:00:00", "nat"),
}
CURRENCIES = "$€£¥₩₽₹₺฿₫₱₪￦￥"
BEFORE = "[A-Z]{0,3}[" + CURRENCIES + r"]|USD|EUR|GBP|JPY|KRW|CNY|CHF|INR|Rs\.?|kr\.?"
SYMBOLS = '[%‰°℃℉㎡㎥㎏㎝㎜㎞$€£¥₩원"]'
AFTER = rf"[^\W\d_][^\d,:;()]*|(?:[^\W\d_]*)m[23]|{SYMBOLS}[^\d,:;()]*"  # kg, km/h, m2, °C
NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s?(?P<before>{BEFORE}|)\s?(?P<inner_sign>[+-]?)\s?"
    r"(?P<digits>\d[\d.,' ]*|[.,]\d+)(?P<exponent>[eE][+-]?\d+|)"
    rf"\s?(?P<after>{AFTER}|-|)"
)
SIMPLE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")  # as Python writes them
COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}")  # 1,234,567; 12,34,567 in India
DOT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})*\.\d{3}")
SPACE_GROUPS = re.compile(r"[1-9]\d{0,2}(?:[ ']\d{3})+(?P<rest>[.,]\d*)?")
MULTIPLIERS = {
    **{"k": 1e3, "K": 1e3, "천": 1e3, "만": 1e4, "M": 1e6, "mn": 1e6, "Mio": 1e6, "백만": 1e6},
    **{"억": 1e8, "B": 1e9, "bn": 1e9, "Mrd": 1e9, "조": 1e12, "T": 1e12},
    **{"천원": 1e3, "만원": 1e4, "백만원": 1e6, "억원": 1e8},
}
KOREAN_SPACE = re.compile("(?<=[천만억조]) (?=원)")  # 25만 원
KOREAN_MULTIPLIERS = {"천", "만", "억", "조", "천원", "만원", "백만원", "억원"}
SAME_UNITS = {"₩": "원", "￦": "원", "krw": "원", "usd": "$", "us$": "$", "eur": "€", "gbp": "£"}
TWO_CAPITALS = re.compile("[A-Z]{2}")
LARGEST = 3e38  # more does not fit into float32


class NumberFormat(TypedDict):
    """How a column writes its numbers."""

    decimal: str  # "." or ",": what stands before the fraction; the other one groups thousands
    unit: str  # what stands beside each number, such as "kg"; "" for nothing
    multiplies: bool  # whether 1.5K is 1,500


PLAIN = NumberFormat(decimal=".", unit="", multiplies=False)


class NumberToken(NamedTuple):
    """A number as a cell writes it."""

    digits: str  # without a sign; maybe with separators
    exponent: str
    is_negative: bool
    before: str  # a currency
    after: str  # a unit


class Reading(TypedDict):
    """How the cells of a column are read."""

    format: NumberFormat
    order: str  # of day, month and year: see read_date; "" where nothing in the column tells
    none: list[str]  # cells that count as missing, beside the usual ones


class Moment(NamedTuple):
    """A date, a time of day, or both, as the clock on the wall shows it."""

    date: date | None
    seconds: float | None  # since midnight


def clean(text: str) -> str:
    """Return a cell or a name as it is used: without spaces around it, in Unicode's form NFC.

    The same letter can be written as one character or as two (macOS does so); NFC is one.
    """
    return unicodedata.normalize("NFC", text).strip().strip("\ufeff\u200b")


def clean_name(text: str) -> str:
    """Return the name of a column as it is used: cleaned, in one line, with single spaces."""
    return " ".join(clean(text).split())


def name_columns(names: Iterable[str]) -> list[str]:
    """Return the names of columns as they are used; those without one get "(no name)"."""
    found = []
    unnamed = 0
    for name in map(clean_name, names):
        if not name:
            unnamed += 1
            name = "(no name)" if unnamed == 1 else f"(no name {unnamed})"
        found.append(name)
    return found


def is_missing(cell: str) -> bool:
    """Return whether a cell is empty or holds the code of a program for "not available"."""
    return cell in NA_CODES


def is_na_a_word(others: Collection[str]) -> bool:
    """Return whether NA is a word beside these: North America beside EU and AS, or Namibia."""
    return len(others) > 1 and all(map(TWO_CAPITALS.fullmatch, others))


def is_none(cell: str) -> bool:
    """Return whether a cell says that there is no number or no date."""
    return cell in NA_CODES or cell.lower().strip(f"{CURRENCIES} ") in WORDS_FOR_NONE


def fold(word: str) -> str:
    """Return what spellings of a word have in common: Yes, yes and "YES " are the same."""
    folded = " ".join(word.split()).casefold()
    whole, point, fraction = folded.partition(".")
    if point and fraction.strip("0") == "" and fraction and whole.isdigit():
        return whole  # a program that knows gaps as floats alone writes 1.0 for 1
    return folded


def split_number(cell: str) -> NumberToken | None:
    """Return the parts of a number with what stands around it, or None where it is none."""
    text = " ".join(cell.split()).replace("\u2212", "-").replace("\u2019", "'")
    if text[:1] in ("\u2013", "△"):  # a word processor's minus, and that of Korean accountants
        text = "-" + text[1:]
    is_negative = False
    if text[:1] == "(" and text[-1:] == ")":  # accountants
        text = text[1:-1].strip()
        is_negative = True
    match = NUMBER.fullmatch(text)
    if match is None:
        return None
    signs = match["sign"] + match["inner_sign"]
    after = match["after"]
    if after == "-":  # accountants, too: 500-
        signs += "-"
        after = ""
    if len(signs) > 1 or (signs and is_negative):
        return None
    return NumberToken(
        match["digits"].strip(),
        match["exponent"],
        is_negative or signs == "-",
        match["before"].strip("."),
        KOREAN_SPACE.sub("", after).strip(". "),
    )


def digits_to_number(digits: str, decimal: str) -> float | None:
    """Return the number that digits with separators are, or None.

    Args:
        digits: Such as "1,234.5", "1 234", "1.234".
        decimal: What the column writes before a fraction, for digits that may mean two numbers.
    """
    if " " in digits or "'" in digits:
        match = SPACE_GROUPS.fullmatch(digits)
        if match is None:
            return None
        digits = re.sub("[ ']", "", digits).replace(",", ".")
        return float(digits)
    commas = digits.count(",")
    dots = digits.count(".")
    if commas and dots:  # the last one stands before the fraction
        decimal = max(",.", key=digits.rindex)
        grouping = "." if decimal == "," else ","
        whole, _, fraction = digits.rpartition(decimal)
        groups = COMMA_GROUPS if grouping == "," else DOT_GROUPS
        if not groups.fullmatch(whole):
            return None
        return float(f"{whole.replace(grouping, '')}.{fraction}")
    if commas + dots == 0:
        return float(digits)
    separator = "," if commas else "."
    groups = COMMA_GROUPS if commas else DOT_GROUPS
    is_grouped = groups.fullmatch(digits) is not None
    if is_grouped and not (separator == decimal and commas + dots == 1):
        return float(digits.replace(separator, ""))
    if commas + dots == 1:
        return float(digits.replace(",", "."))
    return None


def unit_of(token: NumberToken, multiplies: bool) -> str:
    """Return what stands beside a number, in one spelling."""
    after = token.after
    if multiplies and after in MULTIPLIERS:
        after = ""
    return plain_unit(f"{token.before} {after}".strip())


def plain_unit(unit: str) -> str:
    """Return a unit in one spelling: "rooms" is "room", and KRW is 원."""
    unit = unicodedata.normalize("NFKC", unit).casefold().removesuffix("s")  # m² and ㎡ are m2
    return SAME_UNITS.get(unit, unit)


def to_number(cell: str, format: NumberFormat) -> float | None:
    """Return the number in a cell, or None where there is none, or in another unit.

    Args:
        cell: Such as "1,234.5", "$20", "(50)", "70 kg".
        format: How the column writes its numbers. A number without the unit is taken, too, and one
            with a currency where there is no unit.
    """
    if format["decimal"] == "." and SIMPLE.fullmatch(cell):
        number = float(cell)
        return number if abs(number) < LARGEST else None
    token = split_number(cell)
    if token is None:
        return None
    unit = unit_of(token, format["multiplies"])
    is_currency = unit != "" and (token.before != "" or unit[0] in f"{CURRENCIES}원")
    if is_currency and not format["unit"]:
        unit = ""
    if unit and unit != plain_unit(format["unit"]):
        return None
    number = digits_to_number(token.digits, format["decimal"])
    if number is None:
        return None
    number = float(f"{number!r}{token.exponent}") if token.exponent else number
    if format["multiplies"]:
        number *= MULTIPLIERS.get(token.after, 1)
    if token.is_negative:
        number = -number
    return number if abs(number) < LARGEST else None


def told_decimal(digits: Iterable[str]) -> str:
    """Return what stands before a fraction, "." or ",", where a number can be read in one way only.

    Args:
        digits: Of the numbers of a column, without signs and units.

    Returns:
        "" where each number can be read in two ways, or has no separator.
    """
    decimal = ""
    for text in digits:
        commas = text.count(",")
        dots = text.count(".")
        if commas and dots:
            found = max(",.", key=text.rindex)
        elif dots == 1 and not DOT_GROUPS.fullmatch(text):
            found = "."
        elif dots > 1 or (commas == 1 and not COMMA_GROUPS.fullmatch(text)):
            found = ","  # as in 1.234.567, and in 1,5
        else:
            continue
        if found == ".":
            return "."
        decimal = found
    return decimal


def learn_decimal(digits: Iterable[str]) -> str:
    """Return what a column writes before a fraction: "." or ",".

    Args:
        digits: Of its numbers, without signs and units.
    """
    digits = list(digits)
    decimal = told_decimal(digits)
    if decimal:
        return decimal
    # 1.234 beside 999, and never 1234: the point groups thousands.
    has_dots = any("." in text for text in digits)
    plain = [len(text) for text in digits if "." not in text and "," not in text]
    if has_dots and max(plain, default=0) == 3:
        return ","
    return "."


def learn_format(cells: Iterable[str]) -> NumberFormat | None:
    """Return how a column writes its numbers, or None where its units are mixed.

    Args:
        cells: Its different values; those that are no numbers are passed over.
    """
    cells = list(cells)
    if all(map(SIMPLE.fullmatch, cells)):
        decimal = learn_decimal(cell.lstrip("+-") for cell in cells)
        return NumberFormat(decimal=decimal, unit="", multiplies=False)
    tokens = []
    for cell in cells:
        token = split_number(cell)
        if token is not None:
            tokens.append(token)
    suffixes = {token.after for token in tokens} - {""}
    has_currency = any(token.before for token in tokens)
    multiplies = bool(suffixes) and suffixes <= set(MULTIPLIERS)
    multiplies = multiplies and (
        len(suffixes) > 1 or has_currency or suffixes <= KOREAN_MULTIPLIERS
    )
    units: Counter[str] = Counter()
    for token in tokens:
        units[unit_of(token, multiplies)] += 1
    spelling = ""
    for token in tokens:
        if unit_of(token, multiplies):
            shown = token.before if multiplies else f"{token.before} {token.after}".strip()
            spelling = spelling or shown
    if len(set(units) - {""}) > 1:
        return None
    decimal = learn_decimal(token.digits for token in tokens)
    return NumberFormat(decimal=decimal, unit=spelling, multiplies=multiplies)


def fit_format(cells: list[str], format: NumberFormat) -> NumberFormat:
    """Return the format for other cells of the same column: another file may write 1,5 for 1.5."""
    if format["decimal"] == "." and all(map(SIMPLE.fullmatch, cells)):
        return format
    tokens = [token for token in map(split_number, cells) if token is not None]
    decimal = told_decimal(token.digits for token in tokens) or format["decimal"]
    return NumberFormat(decimal=decimal, unit=format["unit"], multiplies=format["multiplies"])


def number_text(number: float) -> str:
    """Return a number as a cell of a table."""
    return f"{number:.15g}"


# Dates and times

MONTHS = {
    1: ("january", "januar", "janvier", "enero"),
    2: ("february", "februar", "fevrier", "febrero"),
    3: ("march", "marz", "maerz", "mars", "marzo", "mrz"),
    4: ("april", "avril", "abril"),
    5: ("may", "mai", "mayo"),
    6: ("june", "juni", "juin", "junio"),
    7: ("july", "juli", "juillet", "julio"),
    8: ("august", "aout", "agosto"),
    9: ("september", "septembre", "septiembre"),
    10: ("october", "oktober", "octobre", "octubre"),
    11: ("november", "novembre", "noviembre"),
    12: ("december", "dezember", "decembre", "diciembre"),
}
ORDERS = ("dmy", "mdy", "ymd")  # of day, month and year, where all three are short numbers
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4}) ?[-/.년年] ?(?P<month>\d{1,2})(?: ?[-/.월月] ?(?P<day>\d{1,2}))?"
    r" ?[.월月일日]?"
)
SHORT_KOREAN = re.compile(r"(?P<year>\d{2})년 ?(?P<month>\d{1,2})월(?: ?(?P<day>\d{1,2})일)?")
MONTH_AND_YEAR = re.compile(r"(?P<month>\d{1,2})[-/](?P<year>\d{4})")
THREE_NUMBERS = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4}|'?\d{2})\.?")
SHORT_YEAR_FIRST = re.compile(r"(?P<year>\d{2}) ?([-/.]) ?(?P<month>\d{1,2}) ?\2 ?(?P<day>\d)\.?")
DAY_AND_NAME = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[ -]*(?:of |de )?"
    r"(?P<name>[^\W\d_]{3,})\.?,?[ -]*(?:de |del )?(?P<year>\d{4}|'?\d{2})"
)
NAME_AND_DAY = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.? (?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<year>\d{4})"
)
NAME_AND_YEAR = re.compile(r"(?P<name>[^\W\d_]{3,})-(?P<year>\d{4}|\d{2})")
YEAR_AND_NAME = re.compile(r"(?P<year>\d{4})[ -](?P<name>[^\W\d_]{3,})(?:[ -](?P<day>\d{1,2}))?")
NAMED = (DAY_AND_NAME, NAME_AND_DAY, NAME_AND_YEAR, YEAR_AND_NAME)
ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z?)?")
SHORT_DATE = re.compile(r"\D*\d{1,2} ?[-/.] ?\d{1,2} ?[-/.]")  # a day, a month: which is first?
QUARTER = re.compile(r"(?P<year>\d{4})[- /]?Q(?P<quarter>[1-4])", re.IGNORECASE)
QUARTER_FIRST = re.compile(r"Q(?P<quarter>[1-4])[- /]?(?P<year>\d{4})", re.IGNORECASE)
WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d{2})(?:-?(?P<day>[1-7]))?")
COMPACT = re.compile(
    r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"(?:[T_ ]?([01]\d|2[0-4])([0-5]\d)([0-5]\d)?Z?)?"
)
WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? |^[월화수목금토일](?:요일)?,? | ?\([^)\d]+\)|"
    r" (?:mon|tues|wednes|thurs|fri|satur|sun)day$| [월화수목금토일]요일$",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?:^|[T ,])(?P<half>am|pm|오전|오후)? ?(?P<hour>\d{1,3})(?::|시 ?)(?P<minute>\d{1,2})?분?"
    r"(?:[: ](?P<second>\d{1,2})초?(?P<fraction>[.,]\d+)?)? ?(?P<half_after>[ap]\.?m\.?|오전|오후)?"
    r" ?(?P<zone>Z|UTC|GMT|[A-Z]{3,4}|(?:UTC|GMT)?[+-]\d{2}:?(?:\d{2})?|"
    r"(?:UTC|GMT)[+-]\d)?(?:\[[^\]]+\])?$",
    re.IGNORECASE,
)
HOUR = re.compile(r"(?<=\d)[T ](?P<hour>[01]\d|2[0-4])h?$")
# Dates that are numbers, read as such only where the user says that a column holds dates.
FIRST_DAYS = {"excel": date(1899, 12, 30), "unix": date(1970, 1, 1), "unix ms": date(1970, 1, 1)}
IN_A_DAY = {"excel": 1, "unix": 86_400, "unix ms": 86_400_000}
NUMBER_RANGES = {"excel": (10_000, 80_000), "unix": (1e8, 1e10), "unix ms": (1e11, 1e13)}
HOUR_OF_HALF = re.compile(r"(?:^|[T ,])(?P<hour>\d{1,2}) ?(?P<half_after>[ap]\.?m\.?)$", re.I)
MONTH_AS_NUMBER = re.compile(
    r"(?P<year>(?:19|20)\d{2})\.?(?P<month>0[1-9]|1[0-2])|"
    r"(?P<month_first>0[1-9]|1[0-2])\.(?P<year_last>(?:19|20)\d{2})"
)


# A score (3:2), a ratio (16:9), from one time to another (09:00-10:00).
NO_TIME = re.compile(r"\d+:\d|\d+:\d\d(?::\d\d)? ?-.+")


def month_by_name(name: str) -> int | None:
    """Return the number of a month: January, Jan, Jänner's neighbours in a few languages."""
    letters = unicodedata.normalize("NFD", name.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for number, names in MONTHS.items():
        if any(full.startswith(letters) for full in names):
            return number
    return None


def to_date(year: str, month: str | int, day: str | int | None) -> date | None:
    """Return a day, the first of the month where none is given; None where there is no such."""
    year = year.lstrip("'")
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 69 else 1900  # as Python's own %y
    try:
        return date(number, int(month), int(day or 1))
    except ValueError:
        return None


def read_date(text: str, order: str) -> date | None:
    """Return the day that a text names, or None.

    Args:
        text: Without a time of day.
        order: "dmy", "mdy" or "ymd": what 01.02.03 means; "" is "dmy".
    """
    order = order or ORDERS[0]
    whole = text
    text = WEEKDAY.sub("", text).strip(" ,")
    for pattern in (YEAR_FIRST, SHORT_KOREAN, MONTH_AND_YEAR):
        match = pattern.fullmatch(text)
        if match is not None:
            return to_date(match["year"], match["month"], match.groupdict().get("day"))
    match = THREE_NUMBERS.fullmatch(text)
    if match is not None:
        numbers = match[1], match[3], match[4]
        if len(match[4]) == 4 and order == "ymd":
            order = "dmy"
        found = dict(zip(order, numbers, strict=True))
        return to_date(found["y"], found["m"], found["d"])
    match = SHORT_YEAR_FIRST.fullmatch(text)
    # With a day of one digit the year can only come first; but 12.4.1 alone is a version.
    if match is not None and order == "ymd" and (match[2] != "." or text != whole):
        return to_date(match["year"], match["month"], match["day"])
    for pattern in NAMED:
        match = pattern.fullmatch(text)
        month = None if match is None else month_by_name(match["name"])
        if match is not None and month is not None:
            return to_date(match["year"], month, match.groupdict().get("day"))
    match = QUARTER.fullmatch(text) or QUARTER_FIRST.fullmatch(text)
    if match is not None:
        return to_date(match["year"], 3 * int(match["quarter"]) - 2, 1)
    match = WEEK.fullmatch(text)
    if match is not None:
        try:
            return date.fromisocalendar(
                int(match["year"]), int(match["week"]), int(match["day"] or 1)
            )
        except ValueError:
            return None
    return None


def read_moment(cell: str, order: str = "dmy") -> Moment | None:
    """Return the date and the time of day in a cell, or None where it holds neither.

    Args:
        cell: Such as 2024-01-05T13:05:00Z, 5 January 2024, 20240105, 13:05.
        order: "dmy", "mdy" or "ymd": what 01.02.03 means; "excel", "unix" or "unix ms": what a
            number counts.
    """
    if order in FIRST_DAYS and SIMPLE.fullmatch(cell):
        return moment_of_number(cell, order)
    match = ISO.fullmatch(cell)
    if match is not None:  # the usual form, the fast way
        found = to_date(match[1], match[2], match[3])
        seconds = None
        if match[4] is not None:
            seconds = 3600.0 * int(match[4]) + 60 * int(match[5]) + int(match[6] or 0)
        return None if found is None else Moment(found, seconds)
    text = " ".join(cell.split())
    compact = COMPACT.fullmatch(text)
    if compact is not None:
        year, month, day, *clock = compact.groups()
        found = to_date(year, month, day)
        if found is None:
            return None
        seconds = None
        if clock[0] is not None:
            seconds = 3600.0 * int(clock[0]) + 60 * int(clock[1]) + int(clock[2] or 0)
        return Moment(found, seconds)
    month = MONTH_AS_NUMBER.fullmatch(text)
    if month is not None:
        found = to_date(
            month["year"] or month["year_last"], month["month"] or month["month_first"], 1
        )
        return None if found is None else Moment(found, None)
    match = TIME.search(text) or HOUR.search(text) or HOUR_OF_HALF.search(text)
    if match is None:
        found = read_date(text, order)
        return None if found is None else Moment(found, None)
    seconds = seconds_of(match)
    if seconds is None:
        return None
    if match.start() == 0:
        return None if NO_TIME.fullmatch(text) else Moment(None, seconds)
    found = read_date(text[: match.start()], order)
    if found is None or seconds > 86400:
        return None
    return Moment(found, seconds)


def moment_of_number(cell: str, order: str) -> Moment | None:
    """Return the date that a number counts from the first day of "excel", "unix" or "unix ms"."""
    least, most = NUMBER_RANGES[order]
    number = float(cell)
    if not least <= number < most:
        return None
    days, rest = divmod(number, IN_A_DAY[order])
    seconds = round(rest * 86_400 / IN_A_DAY[order], 3)
    return Moment(FIRST_DAYS[order] + timedelta(days=days), seconds or None)


def number_order(cells: list[str]) -> str:
    """Return what numbers count if they are dates: "excel", "unix" or "unix ms"; or ""."""
    if cells and all(map(SIMPLE.fullmatch, cells)):
        for order in FIRST_DAYS:
            if all(moment_of_number(cell, order) for cell in cells):
                return order
    return ""


def seconds_of(match: re.Match[str]) -> float | None:
    """Return the time of day in seconds, or None where there is no such time."""
    parts = match.groupdict()
    hour = int(parts["hour"])
    if parts.get("minute") is None and parts.get("second") is not None:
        return None
    minute = int(parts.get("minute") or 0)
    second = int(parts.get("second") or 0)
    half = (parts.get("half") or parts.get("half_after") or "").lower().replace(".", "")
    if minute > 59 or second > 60 or (half and not 0 <= hour <= 12):
        return None
    if half in ("am", "오전") and hour == 12:
        hour = 0
    if half in ("pm", "오후") and hour < 12:
        hour += 12
    fraction = float("0" + (parts.get("fraction") or "").replace(",", "."))
    return 3600.0 * hour + 60 * minute + second + fraction


def fitting_orders(cells: Iterable[str]) -> list[str]:
    """Return the orders of day, month and year with which every cell is a date or a time.

    Args:
        cells: Different dates and times. If they are read in the same way with each order, the
            first one alone is returned: there is no choice. Else the likeliest one comes first.
    """
    cells = list(cells)
    if not any(map(SHORT_DATE.match, cells)):  # then they all say it
        return [] if None in map(read_moment, cells) else [ORDERS[0]]
    readings: dict[str, list[Moment]] = {}
    for order in ORDERS:
        moments = []
        for cell in cells:
            moment = read_moment(cell, order)
            if moment is None:
                break
            moments.append(moment)
        if len(moments) == len(cells) and moments not in readings.values():
            readings[order] = moments
    spans = {order: years_between(moments) for order, moments in readings.items()}
    # 24.01.31 beside 24.02.01 is a day of 2024 rather than the years 2031 and 2001.
    closest = min(spans, key=lambda order: spans[order], default="")
    return sorted(spans, key=lambda order: order != closest and 4 * spans[closest] < spans[order])


def fit_order(cells: list[str], order: str) -> str:
    """Return the order of other cells of the same column: a new file may write dates otherwise.

    Args:
        cells: Different dates and times.
        order: That of the column in training; "" where nothing told it.

    Raises:
        Unreadable: Neither training nor these cells tell what 05/01/2024 means.
    """
    short = [cell for cell in cells if SHORT_DATE.match(cell)]
    if not short:
        return order
    orders = fitting_orders(cells)
    if not orders or order in orders:
        return order
    if not order and len(orders) > 1:
        readings = [[read_moment(cell, fitting) for fitting in orders] for cell in short]
        unclear = [cell for cell, found in zip(short, readings, strict=True) if len(set(found)) > 1]
        raise Unreadable(unclear[0], in_two_ways=True)
    return orders[0]


def years_between(moments: list[Moment]) -> int:
    """Return how many years lie between the first and the last of some dates, 1 or more."""
    years = [moment.date.year for moment in moments if moment.date is not None]
    return 1 + max(years, default=0) - min(years, default=0)


def part_of(moment: Moment, part: str) -> float:
    """Return a part of a date or a time as a number, NaN where it has no such part.

    Args:
        moment: From read_moment.
        part: "year", "month", "day", "weekday" (0 is Monday), "hour", "minute"; "days" since 1970
            with a fraction for the time of day; "hours" since midnight.
    """
    seconds = moment.seconds or 0.0
    if part == "hours":
        return seconds / 3600
    if part == "hour":
        return float(seconds // 3600)
    if part == "minute":
        return float(seconds % 3600 // 60)
    if moment.date is None:
        return math.nan
    if part == "days":
        days = moment.date.toordinal() - date(1970, 1, 1).toordinal()
        return days + seconds / 86400
    if part == "weekday":
        return float(moment.date.weekday())
    return float(getattr(moment.date, part))


class Unreadable(ValueError):
    """A cell holds something else than its column, or a date that can be read in two ways."""

    def __init__(self, cell: str, in_two_ways: bool = False) -> None:
        super().__init__(cell)
        self.cell = cell
        self.in_two_ways = in_two_ways


def read_values(cells: list[str], reading: Reading, parts: list[str]) -> dict[str, list[float]]:
    """Return what is asked for of each cell of a column, NaN where it is missing.

    Args:
        cells: All different ones of a file.
        reading: How they are read.
        parts: "number", or the parts of a date: see part_of.

    Raises:
        Unreadable: A cell holds no number, or no date.
    """
    if "number" in parts and reading["format"] == PLAIN and all(map(SIMPLE.fullmatch, cells)):
        numbers = list(map(float, cells))  # many a column is as simple as that
        if max(map(abs, numbers), default=0) < LARGEST:
            return {"number": numbers}
    none = set(reading["none"])
    gaps = [is_none(cell) or cell in none for cell in cells]
    if "number" in parts:
        return {"number": read_numbers(cells, gaps, reading["format"])}
    values: dict[str, list[float]] = {part: [] for part in parts}
    written = [cell for cell, is_gap in zip(cells, gaps, strict=True) if not is_gap]
    order = fit_order(written, reading["order"])
    for cell, is_gap in zip(cells, gaps, strict=True):
        moment = None if is_gap else read_moment(cell, order)
        if moment is None and not is_gap:
            raise Unreadable(cell)
        for part in parts:
            values[part].append(math.nan if moment is None else part_of(moment, part))
    return values


def read_numbers(cells: list[str], gaps: list[bool], format: NumberFormat) -> list[float]:
    """Return the number in each cell, NaN where there is a gap.

    Raises:
        Unreadable: A cell holds no number.
    """
    written = [cell for cell, is_gap in zip(cells, gaps, strict=True) if not is_gap]
    format = fit_format(written, format)
    values = []
    for cell, is_gap in zip(cells, gaps, strict=True):
        number = math.nan if is_gap else to_number(cell, format)
        if number is None:
            raise Unreadable(cell)
        values.append(number)
    return values


def number_words(known: list[str]) -> dict[str, int]:
    """Return the code of each word, counted from 1: of its own spelling, and of others of it."""
    codes: dict[str, int] = {}
    for code, word in enumerate(known, 1):
        codes.setdefault(fold(word), code)
    for code, word in enumerate(known, 1):
        codes[word] = code
    return codes


def word_code(cell: str, codes: dict[str, int]) -> int:
    """Return the code of a cell: that of "" if it is missing, 0 if training has not seen it.

    Args:
        cell: As it is written.
        codes: From number_words.
    """
    for spelling in (cell, fold(cell)):
        if spelling in codes:
            return codes[spelling]
    return codes.get("", 0) if is_missing(cell) else 0
