"""The error of a value that does not fit."""

from __future__ import annotations

from relaysim.errors import RelaysimError

__all__ = ["ConversionError"]


class ConversionError(RelaysimError):
    """A value that cannot become what is asked for.

    Raised by converters of parameters and properties; ``id`` becomes the id of the error.
    """

    def __init__(
        self,
        message: str,
        *,
        id: str = "InvalidCast",  # noqa: A002 - the word of the error record
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.id = id
        self.hint = hint
