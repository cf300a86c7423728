"""What a phone must fetch before it shows the first page, measured on what is built."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ui import npm

SCRIPT = 110 * 1024
STYLE = 10 * 1024
"""Bytes, as gzip leaves them."""
ENTRY = "index.html"

Manifest = dict[str, dict[str, Any]]

pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture
def manifest() -> Manifest:
    read: Manifest = json.loads((npm.DIST / "manifest.json").read_text())
    return read


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_first_script_is_small(manifest: Manifest, language: str) -> None:
    files = {manifest[name]["file"] for name in first(manifest, language)}

    sizes = {file: packed(file) for file in sorted(files)}
    assert sum(sizes.values()) <= SCRIPT, sizes


def test_the_first_style_is_small(manifest: Manifest) -> None:
    files = {file for name in needed(manifest, ENTRY) for file in manifest[name].get("css", [])}

    sizes = {file: packed(file) for file in sorted(files)}
    assert sizes
    assert sum(sizes.values()) <= STYLE, sizes


def test_nobody_fetches_the_pages_of_registrars_to_begin_with(manifest: Manifest) -> None:
    begun = {name for language in ("en", "pl") for name in first(manifest, language)}

    offices = {name for name in manifest if "/office/" in name or "/teaching/" in name}
    assert offices, "no page of registrars is built"
    assert begun & offices == set()


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_texts_of_staff_are_fetched_by_staff_alone(manifest: Manifest, language: str) -> None:
    texts = f"src/locales/{language}/staff.ts"

    assert manifest[texts]["isDynamicEntry"]
    assert texts not in first(manifest, language)
    begun = b"".join((npm.DIST / manifest[name]["file"]).read_bytes() for name in first(manifest, language))
    phrase = json.loads((npm.UI / f"src/locales/{language}/registrar.json").read_text())["terms"]["none_hint"]
    assert phrase.encode() in (npm.DIST / manifest[texts]["file"]).read_bytes()
    assert phrase.encode() not in begun


def first(manifest: Manifest, language: str) -> set[str]:
    """Return what is fetched before the first page is there: the entry, and the chosen language's messages."""
    messages = f"src/locales/{language}/index.ts"
    return {*needed(manifest, ENTRY), *needed(manifest, messages)}


def needed(manifest: Manifest, name: str) -> Iterator[str]:
    """Yield a part and whatever it imports before it runs."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen.add(part)
            waiting.extend(manifest[part].get("imports", []))
    yield from seen


def packed(file: str) -> int:
    return len(gzip.compress((npm.DIST / file).read_bytes(), 9))
