"""Files to members: what is opened and what is refused before a byte of it is decoded.

Plain files, gzip and zip archives, each within limits. What a member holds belongs to `decode` and `workbook`.
"""

import errno
import gzip
import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assets.exports.decode import Refused
from assets.exports.workbook import is_workbook

ARCHIVE_LIMIT = 4 << 30
ARCHIVE_RATIO = 200
ARCHIVE_MEMBERS = 10_000
_DAMAGE = (
    zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error, zlib.error, lzma.LZMAError
)  # fmt: skip
_NO_FILE = (errno.ELOOP, errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.ENOTDIR)
_UTF8_NAME = 0x800
_NESTED = (".zip", ".gz", ".rar", ".7z")
_BESIDE = (".", "~$", "__MACOSX")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Member:
    """One decoded member: a file itself, or a file inside an archive."""

    name: str
    content: bytes


def read_regular(path: Path) -> bytes:
    """Read a file that is a plain file and stays the same while it is read.

    Raises:
        Refused: it is a link, a pipe or a device, the system does not let it be read, or it changed meanwhile.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        reason = "not_regular_file" if error.errno in _NO_FILE else "not_readable"
        raise Refused(reason, error.strerror or "") from error
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        os.close(descriptor)
        raise Refused("not_regular_file")
    try:
        with os.fdopen(descriptor, "rb") as file:
            content = file.read()
            after = os.fstat(descriptor)
    except OSError as error:
        raise Refused("not_readable", error.strerror or "") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise Refused("unstable_file")
    return content


def members(path: Path) -> Iterator[Member]:
    """The members of a file: itself, or an archive's files in the order they stand in it.

    Raises:
        Refused: the file or the archive cannot be read.
    """
    content = read_regular(path)
    if content.startswith(_GZIP):
        content = _gunzipped(content)
    if not content.startswith(b"PK\x03\x04") or is_workbook(content):
        yield Member("", content)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _archived(archive, len(content))
    except _DAMAGE as error:
        raise Refused("archive_corrupt", type(error).__name__) from error


def _gunzipped(content: bytes) -> bytes:
    limit = min(ARCHIVE_LIMIT, max(50 << 20, ARCHIVE_RATIO * len(content)))
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(limit + 1)
    except _DAMAGE as error:
        raise Refused("archive_corrupt", type(error).__name__) from error
    if len(unpacked) > limit:
        raise Refused("archive_too_large")
    return unpacked


def _archived(archive: zipfile.ZipFile, packed: int) -> Iterator[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_beside(info.filename)]
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > ARCHIVE_MEMBERS or unpacked > ARCHIVE_LIMIT or (unpacked > 50 << 20 and unpacked > ARCHIVE_RATIO * packed):
        raise Refused("archive_too_large")
    for info in infos:
        if info.flag_bits & 1:
            raise Refused("archive_encrypted")
        if info.filename.lower().endswith(_NESTED):
            raise Refused("archive_nested")
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
        if len(content) > info.file_size:
            raise Refused("archive_too_large")
        yield Member(_name(info), content)


def _is_beside(name: str) -> bool:
    """Whether a member is what a system or a spreadsheet leaves beside files."""
    return any(part.startswith(_BESIDE) for part in name.split("/") if part not in ("", ".", ".."))


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; one that does not say it is UTF-8 was written in the code page of the machine that packed it."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    written = info.filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
