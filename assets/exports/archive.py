"""Files to members: what is opened and what is refused before a byte of it is decoded.

Plain files, gzip and zip archives, each within limits. What a member holds belongs to `decode` and `workbook`.
"""

import errno
import gzip
import io
import lzma
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assets.exports.decode import Refused
from assets.exports.privacy import scrubbed_name
from assets.exports.workbook import is_workbook
from assets.exports.zipped import DAMAGE, RATIO_LIMIT, SMALL, UNPACKED_LIMIT, name_of, refuse_unsafe

FILE_LIMIT = 4 << 30
_NO_FILE = (errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.ENOTDIR)
_NESTED = (".zip", ".gz", ".rar", ".7z")
_BESIDE = (".", "~$", "__MACOSX")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Member:
    """One decoded member: a file itself, or a file inside an archive."""

    name: str
    content: bytes


def read_regular(path: Path) -> bytes:
    """Read a file that is a plain file and stays the same while it is read.

    Raises:
        Refused: it is a link, a pipe or a device, too large, the system does not let it be read, or it changed meanwhile.
    """
    with _opened(path) as (file, before):
        if before.st_size > FILE_LIMIT:
            raise Refused("file_too_large", f"{before.st_size:,} bytes")
        content = file.read(before.st_size + 1)  # and not as long as another process goes on writing
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise Refused("unstable_file")
    return content


def is_packed(path: Path) -> bool:
    """Whether a file begins as a workbook or an archive: a damaged one may end the process that reads it."""
    with suppress(Refused), _opened(path) as (file, _):
        return file.read(len(_OLE)).startswith((_OLE, _ZIP, _GZIP))
    return False


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """A plain file and what it is, neither followed nor waited for where it is something else.

    Raises:
        Refused: it is none, or has gone, or the system does not let it be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise Refused("not_regular_file")
            yield file, found
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise Refused("unstable_file", "it is gone") from error
        reason = "not_regular_file" if error.errno in _NO_FILE else "not_readable"
        raise Refused(reason, error.strerror or "") from error


def members(path: Path) -> Iterator[Member]:
    """The members of a file: itself, or an archive's files in the order they stand in it.

    Raises:
        Refused: the file or the archive cannot be read.
    """
    content = read_regular(path)
    is_gzip = content.startswith(_GZIP)
    if is_gzip:
        content = _gunzipped(content)
    if is_gzip and _is_archive(content):
        raise Refused("archive_nested")
    if not _is_archive(content):
        yield Member("", content)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _archived(archive, len(content))
    except (*DAMAGE, lzma.LZMAError) as error:
        raise Refused("archive_corrupt", type(error).__name__) from error


def _is_archive(content: bytes) -> bool:
    """Whether bytes are an archive of files; a workbook is none, though it is packed as one."""
    return content.startswith(_GZIP) or (content.startswith(_ZIP) and not is_workbook(content))


def _gunzipped(content: bytes) -> bytes:
    limit = min(UNPACKED_LIMIT, max(SMALL, RATIO_LIMIT * len(content)))
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(limit + 1)
    except DAMAGE as error:
        raise Refused("archive_corrupt", type(error).__name__) from error
    if len(unpacked) > limit:
        raise Refused(
            "archive_too_large" if limit == UNPACKED_LIMIT else "archive_ratio", f"{len(content):,} bytes to more than {limit:,}"
        )
    return unpacked


def _archived(archive: zipfile.ZipFile, packed: int) -> Iterator[Member]:
    infos = archive.infolist()
    refuse_unsafe(infos, packed)
    for info in infos:
        if info.is_dir() or _is_beside(info.filename):
            continue
        if info.filename.lower().endswith(_NESTED):
            raise Refused("archive_nested")
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
        if _is_archive(content):
            raise Refused("archive_nested")
        yield Member(scrubbed_name(name_of(info)), content)


def _is_beside(name: str) -> bool:
    """Whether a member is what a system or a spreadsheet leaves beside files."""
    return any(part.startswith(_BESIDE) for part in name.split("/") if part not in ("", ".", ".."))
