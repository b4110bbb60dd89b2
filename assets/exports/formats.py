"""The export formats there are: one TOML file each, in `formats/` here or in a home's `reference/formats/`.

Reading them belongs here. What a TOML may say does not: that is `spec`.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from assets.exports.entries import Cell, Condition, Flag, Skip
from assets.exports.spec import Channel, Clock, Day, ExportedAt, Format, Note, Part, Recognise, Rows
from assets.home import UsageError

_MODELS: dict[str, type[BaseModel]] = {
    "recognise": Recognise, "parts": Part, "exported_at": ExportedAt, "clock": Clock, "rows": Rows, "skip": Skip, "day": Day,
    "channel": Channel, "observability": Note, "Cell": Cell, "Flag": Flag, "Condition": Condition, "when": Condition,
    "any": Condition, "all": Condition,
}  # fmt: skip
BUILT_IN = Path(__file__).parent / "formats"


def load(path: Path) -> Format:
    """Read one format.

    Raises:
        UsageError: the TOML is not a format; says which key is wrong and how.
    """
    return _described(path.name, path.read_bytes())


@cache
def _described(file: str, content: bytes) -> Format:
    """One file's format; all are asked for several times in a run, and parsing them takes longer than all else it asks for."""
    try:
        described = Format.model_validate(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    except ValidationError as error:
        raise UsageError(f"{file}: {_told(error)}") from error
    name = file.removesuffix(".toml").replace("_", ".", 1)
    return described.model_copy(update={"name": name, "digest": hashlib.sha256(content).hexdigest()[:16]})


def _told(error: ValidationError) -> str:
    """The first mistake in one line: the key, what is wrong with it, and what is allowed."""
    found = error.errors()
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])  # a missing key may be one misspelt
    loc = [str(key) for key in first["loc"]]
    where = ".".join(key for key in loc if key not in ("Cell", "Flag", "Condition")) or "the format"
    if first["type"] == "extra_forbidden":
        model = next((_MODELS[key] for key in reversed(loc[:-1]) if key in _MODELS), Format)
        allowed = (field.alias or name for name, field in model.model_fields.items() if name not in ("name", "digest"))
        return f"{where} is no key; there are {', '.join(allowed)}"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"


def load_all(*extra: Path) -> dict[str, Format]:
    """All formats by name, the built-in ones first; a home's own may replace one of the same name."""
    paths: Iterable[Path] = sorted(BUILT_IN.glob("*.toml"))
    formats = {known.name: known for known in map(load, paths)}
    for folder in extra:
        formats |= {known.name: known for known in map(load, sorted(folder.glob("*.toml")))}
    return formats


def file_of(name: str, *extra: Path) -> Path:
    """The file a known format is read from: a home's own where it has one of the name."""
    return next(path for folder in (*extra, BUILT_IN) if (path := folder / f"{name.replace('.', '_', 1)}.toml").exists())


def digest_of(formats: Iterable[Format]) -> str:
    """One digest of all formats: a file refused under it is worth another look when it changes."""
    return hashlib.sha256("".join(sorted(known.digest for known in formats)).encode()).hexdigest()[:16]
