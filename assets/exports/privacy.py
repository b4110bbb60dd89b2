"""What personal data may become before a row reaches disk: a keyed pseudonym, a province, a scrubbed title. Nothing else."""

import re

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
_IN_NAMES = re.compile(rf"(?<!\d)(?:{_MOBILE}|{_BORN}|{_ABROAD})(?!\d)|{_MAIL}")
_IN_CODES = rf"(^|[^\d])(?:{_MOBILE}|{_IDENTITY})([^\d]|$)|{_MAIL}"
_IN_TEXTS = rf"(^|[^\d])(?:{_MOBILE}|{_IDENTITY}|{_ABROAD}|{_LANDLINE})([^\d]|$)|{_MAIL}"


def pseudonyms(buyers: pl.Series, stores: pl.Series, key: bytes) -> pl.Series:
    """64-bit keyed pseudonyms of buyers, each one store's own: two stores' buyers cannot be linked by them.

    Args:
        buyers: what the platform calls the buyer; null stays null.
        stores: the store of each row.
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
    province = addresses.str.extract(rf"^\s*({_PROVINCES})(?:{_ENDS_PROVINCE}|\s|$)")
    return province.fill_null(addresses.str.extract(r"^\s*([A-Z]{1,3})\s*$")) if codes else province


def scrubbed_name(name: str) -> str:
    """A name of a file or sheet without telephone and identity numbers and addresses; an export's times and ids stay."""
    return _IN_NAMES.sub("[removed]", name)


def scrubbed(texts: pl.Series) -> pl.Series:
    """Free text with e-mail addresses, telephone numbers and identity numbers taken out."""
    return _without(texts, _IN_TEXTS)


def scrubbed_code(codes: pl.Series) -> pl.Series:
    """A seller's own article numbers, scrubbed like text unless the number is all there is: that is an article's."""
    number = codes.str.contains(r"^[0-9]+$").fill_null(value=True)
    return codes.zip_with(number, _without(codes, _IN_CODES))


def _without(texts: pl.Series, personal: str) -> pl.Series:
    distinct = texts.unique().drop_nulls()
    found = distinct.filter(distinct.str.contains(personal))
    if found.is_empty():
        return texts
    clear = found
    for _ in range(2):  # of two numbers with one character between them the first match takes it
        clear = clear.str.replace_all(personal, "${1}[removed]${2}")
    return texts.replace(found, clear)
