"""In which line of its file a server or a connector stands."""

from itertools import pairwise

from relaysim.config.toml.positions import key_lines, line_of

__all__ = ["Whereabouts", "whereabouts"]


class Whereabouts:
    """Lines of the things of a configuration.

    Attributes:
        file: The file as the user named it; empty when there is none.
    """

    def __init__(self, file: str, places: dict[tuple[str, str], int], first: int) -> None:
        self.file, self._places, self._first = file, places, first

    def line(self, server: str, connector: str) -> int:
        """Return the line of a connector, else of its server, else of the organization.

        0 when there is no file.
        """
        for key in (
            (server.casefold(), connector.casefold()),
            ("", connector.casefold()),
            (server.casefold(), ""),
        ):
            if key in self._places:
                return self._places[key]
        return self._first


def whereabouts(source: str, text: str | None) -> Whereabouts:
    """Return where the things of a configuration stand.

    Args:
        source: What the user named.
        text: The text of the server file or script; ``None`` when it has none.
    """
    if text is None:
        return Whereabouts("", {}, 0)
    if source.casefold().endswith(".toml"):
        return _of_server_file(source, text)
    places: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if "ReceiveConnector" in line:
            for word in _quoted(line):
                places.setdefault(("", word.rpartition("\\")[2].casefold()), number)
    return Whereabouts(source, places, 1)


def _of_server_file(source: str, text: str) -> Whereabouts:
    import tomllib

    data = tomllib.loads(text)
    lines = key_lines(text)
    places: dict[tuple[str, str], int] = {}
    servers = data.get("server", []) if isinstance(data.get("server"), list) else []
    for index, server in enumerate(servers):
        name = str(server.get("name", "")).casefold()
        places[name, ""] = line_of(("server", index), lines) or 1
        for place, connector in enumerate(server.get("connector", [])):
            key = name, str(connector.get("name", "")).casefold()
            places[key] = line_of(("server", index, "connector", place), lines) or 1
    for place, connector in enumerate(data.get("connector", [])):
        places["", str(connector.get("name", "")).casefold()] = (
            line_of(("connector", place), lines) or 1
        )
    return Whereabouts(source, places, line_of(("organization",), lines) or 1)


def _quoted(line: str) -> list[str]:
    """Return the texts between quotes, and the words after -Name and -Identity."""
    found, words = [], line.split()
    for mark in ("'", '"'):
        found += line.split(mark)[1::2]
    for before, word in pairwise(words):
        if before.casefold() in ("-name", "-identity"):
            found.append(word.strip("'\""))
    return found
