"""What a container is told: ConfigMaps, Secrets and facts of its pod as environment, and words that quote it."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.deploy.manifests import Document

_QUOTED = re.compile(r"\$\$|\$\(([-._A-Za-z0-9]+)\)")


@dataclass(frozen=True)
class Store:
    """The ConfigMaps and Secrets of a cluster, as bytes by key."""

    held: Mapping[tuple[str, str], Mapping[str, bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "Store":
        """Return what rendered manifests bring."""
        return cls(
            {
                (one["kind"], one["metadata"]["name"]): _content(one)
                for one in documents
                if one["kind"] in {"ConfigMap", "Secret"}
            }
        )

    def content(self, kind: str, name: str, *, optional: bool = False) -> Mapping[str, bytes]:
        """Return everything of a ConfigMap or Secret; `KeyError` when it is missing and must be there."""
        return self.held.get((kind, name), {}) if optional else self.held[kind, name]


def environment(container: Document, store: Store, facts: Mapping[str, str]) -> dict[str, str]:
    """Return a container's variables; `facts` answer what it may ask of its pod (`metadata.name`, ...)."""
    told: dict[str, str] = {}
    for source in container.get("envFrom", []):
        for kind, word in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
            if word in source:
                found = store.content(kind, source[word]["name"], optional=source[word].get("optional", False))
                told.update({source.get("prefix", "") + key: value.decode() for key, value in found.items()})
    for variable in container.get("env", []):
        value = _value(variable, store, facts)
        if value is not None:
            told[variable["name"]] = expanded(value, told) if "value" in variable else value
    return told


def expanded(words: str, told: Mapping[str, str]) -> str:
    """Return the words with `$(NAME)` replaced by variables that are known, and `$$` by one dollar."""
    return _QUOTED.sub(lambda found: "$" if found[0] == "$$" else told.get(found[1], found[0]), words)


def _value(variable: Document, store: Store, facts: Mapping[str, str]) -> str | None:
    if "valueFrom" not in variable:
        return str(variable.get("value", ""))
    ((word, source),) = variable["valueFrom"].items()
    if word == "fieldRef":
        return facts[source["fieldPath"]]
    kind = {"configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret"}[word]
    optional = source.get("optional", False)
    found = store.content(kind, source["name"], optional=optional)
    value = found.get(source["key"]) if optional else found[source["key"]]
    return None if value is None else value.decode()


def _content(document: Document) -> dict[str, bytes]:
    plain = {**document.get("stringData", {})}
    if document["kind"] == "ConfigMap":
        plain |= document.get("data", {})
        coded = document.get("binaryData", {})
    else:
        coded = document.get("data", {})
    return {
        **{key: base64.b64decode(value) for key, value in coded.items()},
        **{key: value.encode() for key, value in plain.items()},
    }
