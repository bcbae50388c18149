"""What the fuzz tests share: how many inputs each parser gets, and how an input is damaged.

Without the variables below the run is short, as part of the suite. One million for each parser, a
process for each of two cores, with a line of figures for each parser at the end:

    RELAYSIM_FUZZ=1000000 python -m pytest tests/fuzz -n 2 -rP

``RELAYSIM_FUZZ_SECONDS=30`` ends each parser after so many seconds, wherever it is then, and
``RELAYSIM_FUZZ_SEED`` makes other inputs. A failure prints its input; kept as a test beside the
parser it stays mended.

``RELAYSIM_FUZZ_RECORD=FILE`` adds a line of figures to a file for each parser that held, and leaves
out what has its line there: runs of 100,000 by ten seeds make the million, and one that is ended
goes on where it was. The sum of each parser:

    python -m tests.fuzz.record FILE
"""

import os
import random

LONG = "RELAYSIM_FUZZ" in os.environ
ROUNDS = int(os.environ.get("RELAYSIM_FUZZ", "150"))
MOST_SECONDS = float(os.environ.get("RELAYSIM_FUZZ_SECONDS", "inf"))
SEED = os.environ.get("RELAYSIM_FUZZ_SEED", "1")
RECORD = os.environ.get("RELAYSIM_FUZZ_RECORD")

PIECES = (
    b"\0", b"\xff", b"...", b"}", b"{", b"<", b"&", b"]]>", b'"', b"'", b"\r\n", b"\n\n", b" : ",
    b"----", b"_xD83D_", b"\xe2\x80\xa6", b"\x1b[0m", b"\xef\xbb\xbf", b"null", b"[[[[", b"9" * 40,
    b"CN=", b"\\", b";", b"D:(", b"S-1-", b"<Obj>", b"</Obj>", b"\t", b"-1", b"NaN", b"\xff\xfe",
    b"@(", b"$(", b"{0,99}", b"(?<", b"'''", b"[[", b"0x",
    b"\xe2\x80\x99", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"1e999", b"/129", b"::", b"<>",
    b"\r.\r",
)  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return an input with one to six mistakes in it."""
    some = chance.random
    for _ in range(1 + int(some() * 6)):
        place = int(some() * (len(data) + 1))
        match int(some() * 5):
            case 0:
                data = data[:place]
            case 1:
                data = data[:place] + PIECES[int(some() * len(PIECES))] + data[place:]
            case 2:
                data = data[:place] + data[place + 1 + int(some() * 40) :]
            case 3:
                end = place + 1 + int(some() * 200)
                data = data[:end] + data[place:end] + data[end:]
            case _:
                data = data[:place] + bytes([int(some() * 256)]) + data[place + 1 :]
    return data
