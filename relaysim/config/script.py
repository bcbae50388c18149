"""A script of the Exchange Management Shell as a configuration: run on a fresh server."""

from relaysim.builtin.fresh import fresh_server
from relaysim.errors import InvalidConfiguration, Problem
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion

__all__ = ["decode_script", "run_configuration"]


def run_configuration(
    data: bytes, *, file: str, exchange: ExchangeVersion = ExchangeVersion.V2007
) -> Organization:
    """Return what a script makes of a fresh server of a version.

    Raises:
        InvalidScript: The script cannot be understood.
        InvalidConfiguration: A command failed; every failure is named.
    """
    from relaysim.shell import run

    result = run(decode_script(data), fresh_server(exchange=exchange), file=file)
    if result.failed:
        raise InvalidConfiguration(
            [
                Problem(
                    error.message,
                    file=file,
                    line=None if error.position is None else error.position.line,
                    hint=error.hint,
                )
                for error in result.errors
            ]
            or Problem("the script ended with an error of its own (`exit`)", file=file)
        )
    return result.organization


def decode_script(data: bytes) -> str:
    """Return the text of a script: UTF-8 or UTF-16 with a mark, else UTF-8, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
