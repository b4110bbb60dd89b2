"""The export formats there are: one TOML file each, in `formats/` here or in a home's `reference/formats/`.

Reading them belongs here. What a TOML may say does not: that is `spec`.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from assets.exports.spec import Format
from assets.home import UsageError

BUILT_IN = Path(__file__).parent / "formats"


def load(path: Path) -> Format:
    """Read one format.

    Raises:
        UsageError: the TOML is not a format; says which key is wrong and how.
    """
    content = path.read_bytes()
    try:
        described = Format.model_validate(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(key) for key in first["loc"])
        raise UsageError(f"{path.name}: {where or 'the format'}: {first['msg']}") from error
    digest = hashlib.sha256(content).hexdigest()[:16]
    return described.model_copy(update={"name": path.stem.replace("_", ".", 1), "digest": digest})


def load_all(*extra: Path) -> dict[str, Format]:
    """All formats by name, the built-in ones first; a home's own may replace one of the same name."""
    paths: Iterable[Path] = sorted(BUILT_IN.glob("*.toml"))
    formats = {known.name: known for known in map(load, paths)}
    for folder in extra:
        formats |= {known.name: known for known in map(load, sorted(folder.glob("*.toml")))}
    return formats


def digest_of(formats: Iterable[Format]) -> str:
    """One digest of all formats: a file refused under it is worth another look when it changes."""
    return hashlib.sha256("".join(sorted(known.digest for known in formats)).encode()).hexdigest()[:16]
