"""Every object has the shape that the API of Kubernetes asks for, and no field that it does not know."""

import pytest

from tests.deploy import schemas
from tests.deploy.manifests import OVERLAYS, Document, overlay
from tests.docs.pages import page


def found(documents: list[Document], version: str = schemas.NEWEST) -> list[str]:
    """Return what is wrong with these objects."""
    return [wrong for document in documents if (wrong := schemas.problem(document, version))]


def cores(name: str) -> list[Document]:
    return [document for document in overlay(name).documents if schemas.is_core(document)]


def customs(name: str) -> list[Document]:
    """Return an overlay's custom resources, or skip without their schemas."""
    if not schemas.CUSTOM.exists():
        pytest.skip("no schemas of custom resources: shared/data/crd-schemas.tgz is not beside the repository")
    return [document for document in overlay(name).documents if not schemas.is_core(document)]


def misspelt(documents: list[Document]) -> list[Document]:
    """Return an object of each kind with a field that nobody knows, once at its root and once in its spec."""
    kinds = {document["kind"]: document for document in documents}
    at_root = [{**document, "surplus": "1"} for document in kinds.values()]
    specified = [document for document in kinds.values() if isinstance(document.get("spec"), dict)]
    return at_root + [{**document, "spec": {**document["spec"], "surplus": "1"}} for document in specified]


@pytest.mark.parametrize("version", [schemas.OLDEST, schemas.NEWEST])
@pytest.mark.parametrize("name", OVERLAYS)
def test_built_in_objects_have_their_shape(name: str, version: str) -> None:
    assert found(cores(name), version) == []


def test_the_oldest_version_is_the_one_that_is_promised() -> None:
    assert f"Kubernetes {schemas.OLDEST} or later" in page("deploy/README.md").text


@pytest.mark.parametrize("name", OVERLAYS)
def test_custom_resources_have_their_shape(name: str) -> None:
    assert found(customs(name)) == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_misspelt_field_of_a_built_in_object_is_found(name: str) -> None:
    spoiled = misspelt(cores(name))

    assert [twin for twin in spoiled if not schemas.problem(twin)] == []
    assert spoiled


@pytest.mark.parametrize("name", OVERLAYS[1:])
def test_a_misspelt_field_of_a_custom_resource_is_found(name: str) -> None:
    spoiled = misspelt(customs(name))

    assert [twin for twin in spoiled if not schemas.problem(twin)] == []
    assert spoiled


def test_a_structural_schema_is_closed_where_it_does_not_say_that_it_is_open() -> None:
    inner = {"type": "object", "properties": {"known": {"type": "string"}}}
    free = {"type": "object", "additionalProperties": {"type": "string"}}
    kept = {"type": "object", "properties": {}, "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"properties": inner, "free": free, "kept": kept}}

    told = schemas.closed(schema)

    assert told["additionalProperties"] is False
    assert told["properties"]["properties"]["additionalProperties"] is False
    assert told["properties"]["free"] == free
    assert "additionalProperties" not in told["properties"]["kept"]
    assert "additionalProperties" not in told["properties"]
