"""What several of the module's schemas need: an id for examples, and a check of lists."""

import marshmallow as ma

ID = "01986c3a-5b7e-7c4d-9a51-2f64d1c7b001"


def distinct(values: list[str]) -> None:
    """Refuse a list in which something stands twice."""
    if len(set(values)) < len(values):
        raise ma.ValidationError("Something is listed twice.")
