"""A certificate for one run, made by ``openssl`` where it is installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from relaysim.errors import InvalidInput, Problem

__all__ = ["self_signed_certificate"]

_SECONDS = 60


@contextmanager
def self_signed_certificate(name: str = "localhost") -> Iterator[Path]:
    """Yield a file with a certificate and its key; it is removed afterwards.

    Raises:
        InvalidInput: There is no ``openssl``, or it makes none.
    """
    program = shutil.which("openssl")
    if program is None:
        raise InvalidInput(
            Problem(
                "there is no `openssl` to make a certificate with",
                where="--self-signed",
                hint="install it, or name a certificate with `--cert` and `--key`",
            )
        )
    with tempfile.TemporaryDirectory(prefix="relaysim-") as folder:
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        arguments = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "7"]
        arguments += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
        made = subprocess.run(  # noqa: S603  # a fixed command, found by its name
            [program, *arguments, "-keyout", str(key), "-out", str(certificate)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        if made.returncode != 0:
            raise InvalidInput(Problem("openssl made no certificate", where="--self-signed"))
        whole = Path(folder, "whole.pem")
        whole.write_bytes(certificate.read_bytes() + key.read_bytes())
        whole.chmod(0o600)
        yield whole
