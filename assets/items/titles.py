"""Titles as weighted pieces: Chinese characters and pairs of them, Latin words, their parts, numbers."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from scipy.sparse import csr_matrix

COMMON_TO_STORE = 0.4  # a piece in so many of a store's titles says nothing of the product
LEAST_OF_STORE = 5  # titles of a store before that can be told
MOST_TITLES, MOST_SHARE = 400, 0.02  # a piece in more titles than this tells no two apart, and costs the most
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+(?:\.\d+)?[a-z]*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d")
_SHORT = 3


def pieces(title: str) -> Counter[str]:
    """What a title is made of."""
    found: Counter[str] = Counter()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", title).lower()):
        if _CHINESE.match(run):
            found.update(run)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        elif _NUMBER.match(run):
            found[f"#{run}"] += 1
        else:
            found[run] += 1
            found.update(f"~{run[at : at + 3]}" for at in range(len(run) - 2) if len(run) > _SHORT)
    return found


def numbers(titles: Sequence[str], stores: Sequence[str]) -> list[frozenset[str]]:
    """The numbers of each title, with their units: 500ml is not 750ml. What most of a store's titles hold is left out."""
    found = [
        frozenset(run for run in _RUNS.findall(unicodedata.normalize("NFKC", title).lower()) if _NUMBER.match(run))
        for title in titles
    ]
    sizes = Counter(stores)
    told = Counter((store, one) for store, of in zip(stores, found, strict=True) for one in of)
    return [
        frozenset(one for one in of if not _is_slogan(told[store, one], sizes[store]))
        for store, of in zip(stores, found, strict=True)
    ]


def _is_slogan(told: int, titles: int) -> bool:
    """Whether a store says it of so many of its products that it says nothing of any."""
    return titles >= LEAST_OF_STORE and told > max(1, COMMON_TO_STORE * titles)


def vectors(titles: Sequence[str], stores: Sequence[str]) -> csr_matrix:
    """One row of length one per title, weighted by how few titles hold a piece (IDF).

    What a store writes in most of its titles, its name or a slogan, weighs nothing there. Pieces of one title alone are kept in
    its length: what only one of two says, parts them.
    """
    made = [pieces(title) for title in titles]
    sizes = Counter(stores)
    in_store: Counter[tuple[str, str]] = Counter()
    everywhere: Counter[str] = Counter()
    for store, of in zip(stores, made, strict=True):
        everywhere.update(of.keys())
        in_store.update((store, piece) for piece in of)
    number = {piece: at for at, piece in enumerate(everywhere)}
    rows, columns, values = [], [], []
    lengths = np.zeros(len(made))
    for row, (store, of) in enumerate(zip(stores, made, strict=True)):
        for piece, times in of.items():
            if _is_slogan(in_store[store, piece], sizes[store]):
                continue
            weight = log(1 + len(made) / everywhere[piece]) * (1 + log(times))
            if everywhere[piece] <= max(MOST_TITLES, MOST_SHARE * len(made)):
                lengths[row] += weight * weight
                rows.append(row)
                columns.append(number[piece])
                values.append(weight)
    scale = 1 / np.sqrt(np.maximum(lengths, 1e-12))
    scaled = np.array(values) * scale[np.array(rows, dtype=np.int64)] if rows else np.zeros(0)
    return csr_matrix((scaled, (rows, columns)), shape=(len(made), len(number)))
