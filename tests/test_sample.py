"""The bundled sample is what the generator makes today."""

from pathlib import Path
from zipfile import ZipFile, is_zipfile

from assets.sample.written import write

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
LEFT_OUT = ("store_days.csv", "product_days.csv", "channel_days.csv")  # what every sum must be is made anew where it is needed


def test_the_bundled_sample_is_what_the_generator_makes(tmp_path: Path) -> None:
    """Every tracked file holds what `edgewise sample` writes, and none is missing."""
    write(tmp_path / "sample")
    made = contents(tmp_path / "sample")
    assert contents(SAMPLE) == {name: content for name, content in made.items() if Path(name).name not in LEFT_OUT}


def contents(folder: Path) -> dict[str, object]:
    """Every file's bytes; of an archive its members', since how tightly it is packed is the machine's business."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): unpacked(path) for path in files}


def unpacked(path: Path) -> object:
    """A file's bytes, or an archive's members by name."""
    if not is_zipfile(path):
        return path.read_bytes()
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
