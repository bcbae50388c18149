"""The collector's folder against its manifest: missing files, other counts, other servers."""

from collections.abc import Iterable, Iterator, Sequence

from relaysim.importers.assembly.connector_facts import ConnectorFacts
from relaysim.importers.assembly.remarks import Remark, entries_command
from relaysim.importers.assembly.servers import ServerFacts, version_of_build
from relaysim.importers.manifest import Manifest, ManifestFile
from relaysim.importers.reading import ReadFile

__all__ = ["agreeing", "check_manifests"]

_AGAIN = "run the collector again"
_ENTRIES = "Get-ADPermission"
_COUNTED = ("Get-ExchangeServer", "Get-ReceiveConnector", _ENTRIES, "Get-AcceptedDomain")


def _folder(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[0]


def _named(
    manifest: ReadFile, files: Iterable[ReadFile]
) -> Iterator[tuple[ManifestFile, ReadFile | None]]:
    """Yield each file that a manifest names, with what was read of it."""
    folder = _folder(manifest.name)
    beside = {
        file.name.replace("\\", "/").rpartition("/")[2].casefold(): file
        for file in files
        if _folder(file.name) == folder
    }
    told = manifest.manifest or Manifest(known=False)
    for named in told.files:
        yield named, beside.get(named.name.casefold())


def _is_whole(named: ManifestFile, read: ReadFile) -> bool:
    """Tell whether a file holds what was written; objects of no concern are not counted."""
    return named.command not in _COUNTED or read.objects == named.objects


def agreeing(files: Sequence[ReadFile]) -> frozenset[str]:
    """Return the names of the files of which a manifest names as many objects as they hold."""
    return frozenset(
        read.name
        for manifest in files
        if manifest.manifest is not None
        for named, read in _named(manifest, files)
        if read is not None and _is_whole(named, read)
    )


def check_manifests(
    files: Sequence[ReadFile],
    connectors: Iterable[ConnectorFacts],
    servers: dict[str, ServerFacts],
    remarks: list[Remark],
) -> None:
    """Say where a folder is not what its manifest says.

    Entries that were not all written leave open what hangs on those that are not there.
    """
    for file in files:
        manifest = file.manifest
        if manifest is None:
            continue
        if not manifest.known:
            remarks.append(
                Remark(
                    "ambiguous",
                    "the manifest has a format that is not known; the folder is not checked",
                    file.name,
                    1,
                )
            )
            continue
        connectors = list(connectors)
        lacking = list(_counts(file, files, remarks))
        _servers(file.name, manifest, connectors, servers, remarks)
        _errors(file.name, manifest, connectors, remarks)
        if not manifest.ended:
            remarks.append(
                Remark(
                    "partial-object",
                    f"the collector did not finish: the manifest has no line `end:`; {_AGAIN}",
                    file.name,
                )
            )
        if _ENTRIES in lacking or not manifest.ended:
            for facts in connectors:
                if facts.listed or facts.custom:
                    facts.unknown |= {"entries"}


def _counts(file: ReadFile, files: Sequence[ReadFile], remarks: list[Remark]) -> Iterator[str]:
    """Say what is missing or has another count; yield the commands whose output it is."""
    for named, read in _named(file, files):
        if read is not None and _is_whole(named, read):
            continue
        if read is None:
            message = f"`{named.name}` with {named.objects} objects of {named.command} is missing"
        else:
            message = (
                f"`{named.name}` holds {read.objects} objects, and {named.objects} of "
                f"{named.command} were written"
            )
        remarks.append(Remark("count", f"{message}; {_AGAIN}", file.name, named.line))
        yield named.command


def _servers(
    name: str,
    manifest: Manifest,
    connectors: Iterable[ConnectorFacts],
    servers: dict[str, ServerFacts],
    remarks: list[Remark],
) -> None:
    told = {server.casefold() for server, _, _ in manifest.servers}
    for server, text, line in manifest.servers:
        facts = servers.get(server.casefold())
        version = version_of_build(text)
        if facts is not None and None not in (facts.version, version) and facts.version != version:
            remarks.append(
                Remark(
                    "ambiguous",
                    f"the manifest says `{text}`, which is not the version in the export",
                    name,
                    line,
                    server,
                    "AdminDisplayVersion",
                )
            )
    if not told:
        return
    others = dict.fromkeys(
        facts.server
        for facts in connectors
        if facts.server is not None and facts.server.casefold() not in told
    )
    remarks += [
        Remark(
            "ambiguous",
            f"{other} is none of the servers in the manifest: its connectors may be of another "
            "organization or time",
            name,
            manifest.servers[0][2],
            other,
        )
        for other in others
    ]


def _errors(
    name: str, manifest: Manifest, connectors: Sequence[ConnectorFacts], remarks: list[Remark]
) -> None:
    for text, line in manifest.errors:
        command, _, rest = text.partition(": ")
        facts = None
        if command == _ENTRIES:
            facts = next(
                (
                    one
                    for one in connectors
                    if rest.casefold().startswith(f"{one.title}: ".casefold())
                ),
                None,
            )
        if facts is not None:
            facts.unknown |= {"entries"}
        remarks.append(
            Remark(
                "partial-object",
                f"the collector met an error: {text}",
                name,
                line,
                facts.title if facts is not None else None,
                command=entries_command(facts.title) if facts is not None else None,
            )
        )
