"""What personal data may become before a row reaches disk: a keyed pseudonym, a province, a scrubbed title. Nothing else."""

import re
from typing import Literal

import polars as pl
import polars_hash as plh

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_ENDS_PROVINCE = "省|市|特别行政区|(?:壮族|回族|维吾尔)?自治区"
# Digits of any width: full-width ones are typed where a form refuses others.
_MOBILE = r"(?:\+?86[- ]?)?[1１][3-9３-９]\d[- ]?\d{4}[- ]?\d{4}"
_IDENTITY = r"[1-9１-９]\d{16}[\dXx]"
_ABROAD = r"\+\d{1,3}[- ]?\(?\d{2,4}\)?(?:[- ]?\d{2,4}){2,4}"
_LANDLINE = r"0\d{2,3}-\d{7,8}"
_MAIL = r"[\w.%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"
_BORN = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]"  # a stamp of a time is none
_AFTER_NUMBER_OR_STAMP = r"(?:(?<!\d)|(?<=(?<!\d)20\d{6})|(?<=(?<!\d)20\d{10})|(?<=(?<!\d)20\d{12}))"
_IN_NAMES = re.compile(rf"{_AFTER_NUMBER_OR_STAMP}(?:{_MOBILE}|{_BORN}|{_ABROAD})(?!\d)|{_MAIL}")
_WEIGHTS, _LAST = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"  # GB 11643-1999
_TELEPHONE_BYTES = {"long": 16, "text": 40}  # at most, with a country and what parts it; of text perhaps in full-width digits
_DIGITS = "^(?:[0-9-]+|[A-Z]{0,4}-?[0-9]{1,9}[A-Za-z]?)$"  # or a short code: parcels, payments and accounts have more digits
_NUMBERS = {"long": _DIGITS, "short": _DIGITS, "text": r"^[^@\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+$"}
_IN_CODES = rf"(^|[^\d])(?:{_MOBILE}|{_IDENTITY})([^\d]|$)|{_MAIL}"
_IN_TEXTS = rf"(^|[^\d])(?:{_MOBILE}|{_IDENTITY}|{_ABROAD}|{_LANDLINE})([^\d]|$)|{_MAIL}"


def realm(owner: str, platform: str) -> str:
    """Where one buyer is one pseudonym, if an owner asks for the stores of a platform to be linked; blank: in each store alone.

    It begins with a character that no store's name holds, so that no store is taken for it.
    """
    return f"\1{owner}\1{platform}" if owner else ""


def is_realm_of(realm: str, owner: str) -> bool:
    """Whether it is an owner's realm on any platform."""
    return bool(owner) and realm.startswith(f"\1{owner}\1")


def pseudonyms(buyers: pl.Series, stores: pl.Series, key: bytes) -> pl.Series:
    """64-bit keyed pseudonyms of buyers, each one store's own: two stores' buyers cannot be linked by them.

    Args:
        buyers: what the platform calls the buyer; null stays null.
        stores: the store of each row, or the `realm` of stores whose owner links them.
        key: the home's secret.

    Returns:
        HMAC-SHA256 of store and buyer under the key, cut to 64 bits, as integers.
    """
    named = pl.DataFrame({"store": stores, "buyer": buyers.str.strip_chars().str.to_lowercase()})
    message = plh.concat_str("store", "buyer", separator="\0")
    digest = message.chash.hmac_sha256(key=key.hex())
    return named.select(digest.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64).reinterpret(signed=True)).to_series()


def region(addresses: pl.Series, *, codes: bool = True) -> pl.Series:
    """Province or state of an address; null where none is told for sure, since what is left might be a name or a street.

    `codes`: the column holds states and nothing else, so that one to three capitals are a state's code and not a name.
    """
    distinct = addresses.unique()
    few = distinct.len() * 4 < addresses.len()  # as where it is a state by itself
    told = distinct if few else addresses
    province = told.str.extract(rf"^\s*({_PROVINCES})(?:{_ENDS_PROVINCE}|\s|$)")
    if codes:
        province = province.fill_null(told.str.extract(r"^\s*([A-Z]{1,3})\s*$"))
    return addresses.replace_strict(distinct, province) if few else province


def is_unlike_numbers(numbers: pl.Series, written: Literal["long", "short", "text"]) -> pl.Series:
    """Which order, line and refund numbers are none of the platform's, and may be a name, an address, a telephone or a mail.

    `written`: as digits and dashes or a short code, more of them than a mobile number has (`long`) or perhaps just as many
    (`short`); or as any text without Chinese, Japanese or Korean letters and without two words beside one another.
    """
    unlike = ~numbers.str.contains(_NUMBERS[written])
    if written == "text":
        unlike |= numbers.str.contains(r"\p{L}[\s·]+\p{L}")
    if written in _TELEPHONE_BYTES and (numbers.str.len_bytes() <= _TELEPHONE_BYTES[written]).any():
        unlike |= numbers.str.contains(rf"^(?:{_MOBILE}|{_ABROAD})$")
    return unlike.fill_null(value=False)


def without_identities(numbers: pl.Series, stores: pl.Series, key: bytes) -> pl.Series:
    """Order, line and refund numbers; one that is a valid identity number is kept as a pseudonym.

    Once in a hundred thousand a platform's own number of eighteen digits is one by chance: it stays one order all the same.
    """
    identity = _is_identity(numbers)
    if not identity.any():
        return numbers
    hidden = pseudonyms(numbers.filter(identity), stores.filter(identity), key)
    stand_ins = [f"p{pseudonym % (1 << 64):016x}" for pseudonym in hidden]
    return numbers.clone().scatter(identity.arg_true(), stand_ins)


def _is_identity(numbers: pl.Series) -> pl.Series:
    """Which are the number of an identity card, by its date of birth and its last, checking character."""
    alike = (numbers.str.len_bytes() == len(_WEIGHTS) + 1).fill_null(value=False)
    if not alike.any():
        return alike
    alike &= numbers.str.contains(f"^{_BORN}$").fill_null(value=False)
    if not alike.any():
        return alike
    checked = {
        number
        for number in numbers.filter(alike).unique()
        if _LAST[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11] == number[-1].upper()
    }
    return numbers.is_in(list(checked)).fill_null(value=False)


def scrubbed_name(name: str) -> str:
    """A name of a file or sheet without telephone and identity numbers and addresses; an export's times and ids stay."""
    return _IN_NAMES.sub("[removed]", name)


def scrubbed(texts: pl.Series) -> pl.Series:
    """Free text with e-mail addresses, telephone numbers and identity numbers taken out."""
    return _cleared(texts, texts.unique().drop_nulls(), _IN_TEXTS)


def scrubbed_code(codes: pl.Series) -> pl.Series:
    """A seller's own article numbers, scrubbed like text unless digits are all there is: those are an article's."""
    distinct = codes.unique().drop_nulls()
    number = distinct.str.contains(r"^[0-9]+$") & ~_is_identity(distinct)
    return _cleared(codes, distinct.filter(~number), _IN_CODES)


def _cleared(texts: pl.Series, distinct: pl.Series, personal: str) -> pl.Series:
    """Texts, of which some distinct ones are cleared of what is personal."""
    found = distinct.filter(distinct.str.contains(personal))
    if found.is_empty():
        return texts
    clear = found
    for _ in range(2):  # of two numbers with one character between them the first match takes it
        clear = clear.str.replace_all(personal, "${1}[removed]${2}")
    return texts.replace(found, clear)
