"""What a zip archive may be before a byte of it is unpacked: how many members, under which names, how large, and how they lie.

Archives of files and workbooks, which are archives too, are held to the same. What a member holds is not known here.
"""

import copy
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assets.exports.decode import Refused

UNPACKED_LIMIT = 4 << 30
RATIO_LIMIT = 200
MEMBERS_LIMIT = 10_000
SMALL = 50 << 20  # a ratio is no measure of less
DAMAGE = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, struct.error, zlib.error)
_LOCAL_HEADER = 30
_UTF8_NAME = 0x800
_PIECE = 1 << 20
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]|^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")


def refuse_unsafe(infos: Sequence[zipfile.ZipInfo], packed: int) -> None:
    """Refuse an archive by its directory alone.

    Args:
        infos: the directory's entries.
        packed: the bytes of the whole archive.

    Raises:
        Refused: with what is wrong with it.
    """
    if len(infos) > MEMBERS_LIMIT:
        raise Refused("archive_members", f"{len(infos):,} files")
    if any(_UNSAFE.search(name_of(info, whole=True)) or _is_link(info) for info in infos):
        raise Refused("archive_path")
    if max(Counter(info.filename for info in infos).values(), default=0) > 1:
        raise Refused("archive_duplicate")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > SMALL and unpacked > RATIO_LIMIT * packed:
        raise Refused("archive_ratio", f"{packed:,} bytes to {unpacked:,}")
    if unpacked > UNPACKED_LIMIT:
        raise Refused("archive_too_large", f"{unpacked:,} bytes")
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("archive_encrypted")
    lying = sorted((info.header_offset, info.header_offset + _LOCAL_HEADER + info.compress_size) for info in infos)
    if any(following < end for (_, end), (following, _) in pairwise(lying)):
        raise Refused("archive_overlap")


def name_of(info: zipfile.ZipInfo, *, whole: bool = False) -> str:
    """A member's name; one that does not say it is UTF-8 was written in the code page of the machine that packed it.

    `whole`: with what stands behind a zero byte, where names end.
    """
    name = info.orig_filename if whole else info.filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    written = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes piece by piece, as many as there really are: another reader may not believe what the directory says.

    Raises:
        Refused: there are more than the directory says.
    """
    boundless = copy.copy(info)
    boundless.file_size = sys.maxsize
    left = info.file_size
    with archive.open(boundless) as file:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise Refused("archive_corrupt", "a file of it unpacks to more than it says")
            yield piece
