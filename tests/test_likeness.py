"""The name that was meant is the one that difflib finds, whatever is asked."""

import difflib
import random

import pytest

from relaysim.likeness import most_alike
from relaysim.model.rights import Right
from tests.fuzz.damage import damaged

NAMES = sorted({right.value.casefold() for right in Right} | {"aaaaaaaaaaaaaaaa", "äöü–"})


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_that_of_difflib(name):
    chance = random.Random(name)  # noqa: S311
    for _ in range(5):
        asked = damaged(name.encode(), chance).decode("latin-1").casefold()
        theirs = difflib.get_close_matches(asked, NAMES, n=1, cutoff=0.6)
        assert most_alike(asked, NAMES) == (theirs[0] if theirs else None), asked


def test_a_name_of_megabytes_is_compared_with_nothing():
    assert most_alike("a" * 5_000_000, ["a" * 4_999_999, "b"]) is None
    assert most_alike("abc", ["a" * 5_000_000, "abd"]) == "abd"
