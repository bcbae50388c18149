"""Warnings about a server file that can be read, and describes what no server would take."""

from collections.abc import Callable

from relaysim.errors import Problem
from relaysim.model.impossible import impossible
from relaysim.model.organization import Organization

__all__ = ["tell_impossible"]


def tell_impossible(
    organization: Organization, file: str, text: str | None, notice: Callable[[Problem], None]
) -> None:
    """Hand over what described servers have that real ones refuse (V-4, V-8).

    Args:
        organization: What the file describes.
        file: Its name.
        text: Its text; ``None`` for exports, whose lines are not known.
        notice: Takes each warning.
    """
    found = list(impossible(organization))
    if not found:
        return
    # Where things stand is looked for only when there is something to say.
    from relaysim.config.whereabouts import whereabouts

    places = whereabouts(file, text)
    for one in found:
        line = places.line(one.server, one.connector) or None
        notice(Problem(one.text, file=file, line=line, where=f"connector `{one.connector}`"))
