"""A hash of what a row says, the same on every machine and in every release of the libraries."""

from collections.abc import Iterable, Mapping
from functools import cache, reduce
from hashlib import sha256
from operator import add

import polars as pl
import polars_hash as plh

_Type = pl.DataType | type[pl.DataType]


def hashed(schema: Mapping[str, _Type], names: Iterable[str]) -> pl.Expr:
    """64 bits over some columns of a row, of which each counts under its name.

    Texts go in as their XXH3, all else as the whole numbers it is held as: the terms of a multilinear hash mod 2^64, each times
    its column's odd weight. XXH3 over the sum takes out what is linear in it, so that hashes of rows may be added up.

    Source: Lemire and Kaser, Strongly universal string hashing is fast, The Computer Journal 57 (2014), section 2.
    """
    terms = [_number(name, schema[name]).fill_null(_weight("")) * _weight_of(name) for name in names]
    return plh.concat_str(reduce(add, terms).cast(pl.String), separator="").nchash.xxh3_64()


def _number(name: str, held_as: _Type) -> pl.Expr:
    if held_as == pl.String:
        return plh.col(name).nchash.xxh3_64()
    if held_as in (pl.Boolean, pl.UInt64):
        return pl.col(name).cast(pl.UInt64)
    return pl.col(name).to_physical().cast(pl.Int64).reinterpret(signed=False)


@cache
def _weight_of(name: str) -> pl.Expr:
    return pl.lit(_weight(name), pl.UInt64)


@cache
def _weight(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], "little") | 1
