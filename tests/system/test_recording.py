"""A recording forgets what differs between any two universities, and nothing else."""

import pytest

from tests.system.recording import Canon

ONE, OTHER, THIRD = (f"018f2b6a-7c1e-7a55-9d3e-1f6b0c9a4e2{digit}" for digit in "123")


@pytest.mark.parametrize(
    ("told", "same"),
    [
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{THIRD}","at":"2026-01-02T03:04:05Z"}}', True),
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{OTHER}","at":"2026-01-02T03:04:05Z"}}', False),
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{THIRD}","at":null}}', False),
        (f'{{"id":"{THIRD}","of":"{OTHER}","again":"{THIRD}"}}', False),
    ],
)
def test_what_is_made_canonical_still_differs_where_it_matters(told: str, same: bool) -> None:
    first = f'{{"id":"{ONE}","of":"{OTHER}","again":"{ONE}","at":"2026-11-22T18:00:00.123Z"}}'

    assert (Canon().text(first) == Canon().text(told)) is same


def test_an_entity_tag_keeps_its_version() -> None:
    tags = ('"v1-abc"', '"v1-def"', '"v2-abc"', 'W/"v1-abc"', '"abc"')

    assert [Canon().headers({"ETag": tag})["etag"] for tag in tags] == [
        '"v1..."',
        '"v1..."',
        '"v2..."',
        'W/"v1..."',
        '"..."',
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"code":"7K2QM-9XWDF-HT3VB"}', '{"code":"HT3VB-7K2QM-9XWDF"}', True),
        ('{"code":"INF-105"}', '{"code":"INF-106"}', False),
        ('{"client_secret":"university-secret_9c1"}', '{"client_secret":"university-secret_x-2"}', True),
        ('{"client_secret":null}', '{"client_secret":"university-secret_x-2"}', False),
        ('{"expires_in":3598,"refresh_expires_in":1209597}', '{"expires_in":3599,"refresh_expires_in":1209599}', True),
        ('{"expires_in":3600}', '{"expires_in":28800}', False),
        ('{"rows":{"gateway":1,"student":12}}', '{"rows":{"gateway":1,"student":13}}', True),
        ('{"rows":{"gateway":1,"student":12}}', '{"rows":{"gateway":2,"student":12}}', False),
    ],
)
def test_secrets_and_what_depends_on_the_moment_are_forgotten(one: str, other: str, same: bool) -> None:
    assert (Canon().text(one) == Canon().text(other)) is same


def test_of_an_export_what_a_student_was_told_by_then_is_forgotten() -> None:
    file = '{\n  "modules": {\n    "student": {%s\n      "audit": []\n    }\n  }\n}'
    notification = '\n      "notification": [\n        {\n          "params": [\n          ]\n        }\n      ],'
    hold = notification.replace("notification", "hold")

    assert Canon().text(file % notification) == Canon().text(file % "")
    assert Canon().text(file % hold) != Canon().text(file % "")
