"""Laws of patterns: the bounded matcher agrees with Python's, and stays bounded."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.patterns.pattern import compile_pattern, escape_pattern
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from tests.searching import searches

ATOMS = ["a", "b", "1", r"\.", r"\d", r"\w", ".", "[ab1]", "[^a]", "[a-c.]", r"\b", "^", "$"]
patterns = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        inner.map(lambda text: f"({text})"),
        st.tuples(
            st.sampled_from(["a", "b", r"\d", "[ab]", "."]),
            st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}"]),
        ).map("".join),
        # A repeated group that cannot be empty: what an empty round captures is a matter of taste.
        inner.map(lambda text: f"(?:a{text})*"),
    ),
    max_leaves=8,
)
subjects = st.text(alphabet="aAbB1. \n-", max_size=10)


def free(_count):
    """A budget without end."""


@given(patterns, subjects, st.booleans())
@searches(102)
def test_the_matcher_finds_what_a_backtracking_one_finds(pattern, subject, ignore_case):
    flags = re.IGNORECASE if ignore_case else 0
    expected = re.compile(pattern, flags).search(subject)
    found = compile_pattern(pattern, ignore_case=ignore_case).search(subject)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.spans[0] == expected.span()
        groups = [found.group(number) for number in range(1, len(found.spans))]
        assert groups == list(expected.groups())


@given(st.text(max_size=12), subjects)
def test_any_pattern_is_compiled_or_refused(pattern, subject):
    refused = ""
    try:
        compile_pattern(pattern).search(subject)
    except ConversionError as error:
        refused = error.id
    assert refused in {"", "System.ArgumentException", "NotInSubset"}


@given(st.text(max_size=12), st.text(max_size=6), st.text(max_size=6))
def test_an_escaped_text_matches_itself_alone(text, before, after):
    found = compile_pattern(escape_pattern(text), ignore_case=False).search(before + text + after)
    assert found is not None
    assert found.group(0) == text


@given(subjects, st.sampled_from([r"\.", "a", "[ab]", "-| "]), st.sampled_from(["", "x", "$0$0"]))
def test_replacing_and_splitting_agree_with_python(subject, pattern, replacement):
    compiled = compile_pattern(pattern, ignore_case=False)
    replaced = compiled.replace(subject, replacement, spend=free)
    assert replaced == re.sub(pattern, replacement.replace("$0", r"\g<0>"), subject)
    assert compiled.split(subject, spend=free) == re.split(pattern, subject)


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*b", "(a+)+b", "a*a*a*a*a*b", "(.*)*x"])
def test_patterns_that_hang_other_matchers_do_not_hang_this_one(pattern):
    start = time.process_time()
    assert compile_pattern(pattern).search("a" * 5000) is None
    assert time.process_time() - start < 5


@given(st.text(alphabet="ab*?", max_size=6), st.text(alphabet="abAB", max_size=8))
def test_wildcards_agree_with_their_pattern(pattern, text):
    translated = "".join(
        {"*": "(?s:.*)", "?": "(?s:.)"}.get(char, re.escape(char)) for char in pattern
    )
    expected = re.fullmatch(translated, text, re.IGNORECASE) is not None
    assert matches_wildcard(text, pattern) == expected
