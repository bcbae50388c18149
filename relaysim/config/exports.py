"""Opening what `relaysim import` and `-c` name: files, folders, archives and standard input."""

import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.assembly.organization import Imported, assemble
from relaysim.importers.assembly.remarks import Remark, alike_together
from relaysim.importers.reading import ReadFile, read_stream
from relaysim.lean import uncollected

__all__ = ["STDIN", "import_paths", "read_paths", "remark_problems"]

STDIN = "-"
_LARGEST_FILE = 1 << 30
_MOST_FILES = 10_000


class _Limits(NamedTuple):
    """What an archive may be."""

    members: int = 10_000
    member_bytes: int = 256 << 20
    all_bytes: int = 1 << 30
    ratio: int = 200
    name_length: int = 1024


_LIMITS = _Limits()
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What the reading of a damaged archive raises."""


def import_paths(
    paths: Iterable[str],
    *,
    encoding: str | None = None,
    prefer_latest: bool = False,
    logs_alone: bool = False,
    stdin: bytes | None = None,
) -> Imported:
    """Return the organization that files, folders and archives describe together.

    Args:
        paths: What the user named, ``-`` for standard input.
        encoding: The encoding of texts without a byte order mark; UTF-8 when left out.
        prefer_latest: Take the later of two objects that differ.
        logs_alone: Take logs and transcripts without any export, instead of refusing them.
        stdin: What standard input held, when it has been read already.

    Raises:
        InvalidConfiguration: A file cannot be read, nothing was found, or two objects differ.
    """
    with uncollected():
        return assemble(
            read_paths(paths, encoding=encoding, stdin=stdin),
            prefer_latest=prefer_latest,
            logs_alone=logs_alone,
        )


def read_paths(
    paths: Iterable[str], *, encoding: str | None = None, stdin: bytes | None = None
) -> list[ReadFile]:
    """Return what each file and each member of an archive holds, in order.

    Raises:
        InvalidConfiguration: With the problems of every file that cannot be read.
    """
    problems: list[Problem] = []
    found: list[ReadFile] = []
    for path in paths:
        try:
            for name, stream in _contents(path, stdin):
                found += _read(name, stream, encoding, problems)
        except InvalidConfiguration as error:
            problems += error.problems
    if problems:
        raise InvalidConfiguration(problems)
    return found


def _read(
    name: str, stream: BinaryIO, encoding: str | None, problems: list[Problem]
) -> Iterator[ReadFile]:
    packed = zipfile.is_zipfile(stream)
    stream.seek(0)
    inputs: Iterable[tuple[str, BinaryIO]] = ((name, stream),)
    if packed:
        inputs = ((member, BytesIO(data)) for member, data in _members(name, stream))
    for member, content in inputs:
        try:
            yield read_stream(content, name=member, encoding=encoding)
        except InvalidConfiguration as error:
            problems += error.problems
        except OSError as error:
            problems.append(_unreadable(member, error))


def _contents(path: str, stdin: bytes | None = None) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the name and bytes of a file, or of every file below a folder."""
    if path == STDIN:
        data = sys.stdin.buffer.read(_LARGEST_FILE) if stdin is None else stdin
        yield "<stdin>", BytesIO(data)
        return
    place = Path(path)
    try:
        files = _below(place) if place.is_dir() else None
    except (OSError, ValueError) as error:
        raise InvalidConfiguration(_unreadable(path, error)) from None
    if files is None:
        files = [place]
    elif len(files) > _MOST_FILES:
        raise InvalidConfiguration(
            Problem(f"the folder holds more than {_MOST_FILES} files", file=path)
        )
    for file in files:
        name = path if file is place else str(file)
        with _opened(file, name) as stream:
            yield name, stream


def _below(folder: Path) -> list[Path]:
    """Return the files below a folder, in order; what begins with a dot is hidden."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def _opened(file: Path, name: str) -> BinaryIO:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise InvalidConfiguration(
                Problem(f"is larger than {_LARGEST_FILE >> 20} MB", file=name)
            )
        stream = file.open("rb")
        if stream.seekable():
            return stream
        with stream:
            return BytesIO(stream.read(_LARGEST_FILE))
    except (OSError, ValueError) as error:
        raise InvalidConfiguration(_unreadable(name, error)) from None


def _unreadable(name: str, error: OSError | ValueError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("no such file or folder", file=name)
    reason = getattr(error, "strerror", None) or "not a usable file name"
    return Problem(f"cannot be read ({reason.lower()})", file=name)


def _members(name: str, stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the members of an archive, read in memory and within limits.

    Raises:
        InvalidConfiguration: The archive is damaged, encrypted, or larger than its limits.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            if not all(info.filename for info in archive.infolist()):
                raise zipfile.BadZipFile("a member has no name")
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check_sizes(name, infos)
            for info in infos:
                data = _member_bytes(archive, info, name)
                if data.startswith(b"PK\x03\x04") and zipfile.is_zipfile(BytesIO(data)):
                    raise InvalidConfiguration(_nested(name, info.filename))
                yield f"{name}/{info.filename}", data
    except _DAMAGE as error:
        raise InvalidConfiguration(
            Problem(f"is a damaged archive ({str(error).lower() or 'cut off'})", file=name)
        ) from None


def _check_sizes(name: str, infos: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in infos)
    if len(infos) > _LIMITS.members or total > _LIMITS.all_bytes:
        raise InvalidConfiguration(
            Problem(
                f"the archive holds more than {_LIMITS.members} members or "
                f"{_LIMITS.all_bytes >> 20} MB",
                file=name,
            )
        )
    for info in infos:
        large = info.file_size > 1 << 20
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > _LIMITS.member_bytes or (large and ratio > _LIMITS.ratio):
            raise InvalidConfiguration(
                Problem(
                    f"the member `{info.filename[:80]}` is larger than "
                    f"{_LIMITS.member_bytes >> 20} MB or packed more than {_LIMITS.ratio} to one",
                    file=name,
                )
            )
        if len(info.filename) > _LIMITS.name_length:
            raise InvalidConfiguration(Problem("a member's name is too long", file=name))
        if info.filename.casefold().endswith(".zip"):
            raise InvalidConfiguration(_nested(name, info.filename))
        if info.flag_bits & 1:
            raise InvalidConfiguration(
                Problem(f"the member `{info.filename[:80]}` is encrypted", file=name)
            )


def _nested(name: str, member: str) -> Problem:
    return Problem(
        f"the member `{member[:80]}` is an archive itself: archives in archives are not read",
        file=name,
        hint="unpack it first",
    )


def _member_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    with archive.open(info) as stream:
        # The size in the directory is a claim: no more than it is ever unpacked.
        data = stream.read(info.file_size + 1)
    if len(data) > info.file_size:
        raise InvalidConfiguration(
            Problem(f"the member `{info.filename[:80]}` is larger than it claims", file=name)
        )
    return data


def remark_problems(remarks: Iterable[Remark]) -> Iterator[Problem]:
    """Yield remarks as warnings of the command line, those alike as one."""
    for remark in alike_together(remarks):
        where = ": ".join(part for part in (remark.object, remark.property) if part)
        hint = f"`{remark.command}` tells" if remark.command else None
        yield Problem(
            remark.message, file=remark.file, line=remark.line, where=where or None, hint=hint
        )
