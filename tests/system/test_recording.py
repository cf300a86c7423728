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
