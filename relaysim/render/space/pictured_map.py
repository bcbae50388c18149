"""A map in words, with the picture that a terminal shows beneath."""

from relaysim.render.space.map_view import MapAnswer, map_view
from relaysim.render.view import View

__all__ = ["pictured_map_view"]


def pictured_map_view(answer: MapAnswer) -> View:
    """Return the view of a map; Rich is loaded when the picture is drawn."""

    def draw(color: bool, width: int | None) -> str:  # noqa: FBT001  # as a view is asked
        from relaysim.render.terminal_map import render_picture

        return render_picture(answer, color=color, width=width)

    return map_view(answer)._replace(picture=draw)
