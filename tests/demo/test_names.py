"""Names that people could bear and addresses that mail can reach."""

from random import Random

import pytest

from university.demo import names


@pytest.mark.parametrize(
    ("masculine", "feminine"),
    [
        ("Kowalski", "Kowalska"),
        ("Sawicki", "Sawicka"),
        ("Zawadzki", "Zawadzka"),
        ("Czarny", "Czarna"),
        ("Biały", "Biała"),
        ("Cichy", "Cicha"),
        ("Ósmy", "Ósma"),
        ("Nowak", "Nowak"),
        ("Łąka", "Łąka"),
    ],
)
def test_a_woman_bears_the_feminine_form(masculine: str, feminine: str) -> None:
    assert names.feminine(masculine) == feminine


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Żółw", "zolw"),
        ("Łąka-Ćwik", "laka-cwik"),
        ("O'Neill", "oneill"),
        ("Weiß", "weiss"),
        ("Nguyễn", "nguyen"),
        ("Ødegård", "odegard"),
        ("Đorđević", "dordevic"),
        ("İrem", "irem"),
    ],
)
def test_folding_leaves_plain_letters(text: str, folded: str) -> None:
    assert names.fold(text) == folded


def test_every_name_folds_to_something_writable() -> None:
    everything = (*names.WOMEN, *names.MEN, *names.FAMILIES)
    foreign = (*names.FOREIGN_WOMEN, *names.FOREIGN_MEN, *names.FOREIGN_FAMILIES)
    for name in (*everything, *foreign):
        assert names.fold(name).isalpha()
        assert abs(len(names.fold(name)) - len(name)) <= 1


def test_women_and_men_have_names_of_their_own() -> None:
    people = [names.person(Random(number), foreign=0.0) for number in range(500)]
    for given, family in people:
        if given in names.MEN:
            assert family in names.FAMILIES
        else:
            assert all(part in map(names.feminine, names.FAMILIES) for part in family.split("-"))


def test_no_address_is_given_twice() -> None:
    mailboxes = names.Mailboxes("example.edu")
    assert [mailboxes.open("Jan", "Żak") for _ in range(3)] == [
        "jan.zak@example.edu",
        "jan.zak2@example.edu",
        "jan.zak3@example.edu",
    ]
