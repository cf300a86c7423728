"""What the API of Kubernetes would say to an object: shapes, unknown fields included."""

import json
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate

from tests.deploy.manifests import ROOT, Document

CUSTOM = ROOT.parent / "shared" / "data" / "crd-schemas.tgz"
"""Schemas of custom resources as their operators publish them; too large to keep here."""
OLDEST, NEWEST = "1.30", kubernetes_validate.latest_version()
"""The first release of Kubernetes that we promise to fit, and the last that we know."""
_OWN = Path(__file__).parent
_METADATA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "namespace": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def is_core(document: Document) -> bool:
    """Tell whether every cluster knows this kind."""
    group, slash, _ = document["apiVersion"].rpartition("/")
    return not slash or "." not in group or group in {"networking.k8s.io", "rbac.authorization.k8s.io"}


def problem(document: Document, version: str = NEWEST) -> str | None:
    """Return what is wrong with an object's shape, or nothing; raises `LookupError` when its kind has no schema."""
    try:
        _core(document, version) if is_core(document) else _custom(document)
    except jsonschema.ValidationError as error:
        where = "/".join(str(step) for step in error.absolute_path)
        return f"{document['kind']}/{document['metadata']['name']} {where}: {error.message[:200]}"
    return None


def _core(document: Document, version: str) -> None:
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.SchemaNotFoundError as error:
        raise LookupError(error.message) from error


def _custom(document: Document) -> None:
    group, _, version = document["apiVersion"].rpartition("/")
    name = f"{group}_{version}_{document['kind']}.json".lower()
    jsonschema.Draft7Validator(_METADATA).validate(document["metadata"])
    jsonschema.Draft7Validator(_schema(name)).validate(document)


@cache
def _schema(name: str) -> Any:
    """Return a schema; those that nobody handed us are written here, as far as this project needs them."""
    if (own := _OWN / name).exists():
        return json.loads(own.read_bytes())
    with tarfile.open(CUSTOM) as archive:
        try:
            found = archive.extractfile(f"schemas/{name}")
        except KeyError as error:
            raise LookupError(f"there is no schema {name}") from error
        assert found
        return closed(json.loads(found.read()))


def closed(schema: Any) -> Any:
    """Return a structural schema that refuses the fields it does not name, which an API server drops in silence."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    is_open = "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields")
    # A field called "properties" would be a dictionary of schemas, too, but is no schema: it has no type beside it.
    named = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    return inner if is_open or not named else {**inner, "additionalProperties": False}
