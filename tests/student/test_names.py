"""Names are compared without case and diacritics, word by word."""

import pytest
from hypothesis import given, strategies as st

from university.student.rules.names import folded_words
from university.student.rules.words import is_id, may_be_a_number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Żółć", {"zolc"}),
        ("ŁUKASZ Świętosław", {"lukasz", "swietoslaw"}),
        ("Nowak-Kowalska", {"nowak", "kowalska"}),
        ("O'Neill", {"oneill"}),
        ("O\u2019Neill", {"oneill"}),
        ("Straße Øre Æsop", {"strasse", "ore", "aesop"}),
        ("s-123_4", {"s", "123", "4"}),
        ("Юрий", {"юрии"}),
        (" -- ", set()),
    ],
)
def test_a_text_is_folded_to_plain_words(text: str, words: set[str]) -> None:
    assert folded_words(text) == words


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    words = folded_words(text)

    assert folded_words(*words) == words


@pytest.mark.parametrize("text", ["me", "ME", "imports", "01986c3a-5b7e-7c4d-9a51-2f64d1c7b001"])
def test_what_an_address_means_already_is_no_student_number(text: str) -> None:
    assert not may_be_a_number(text)


def test_a_number_is_no_id() -> None:
    assert not is_id("100001")
    assert may_be_a_number("100001")
