"""Changes name the version they rest on, so that nobody overwrites what they have not seen."""

from dataclasses import dataclass

from university.platform.errors import PreconditionFailed, PreconditionRequired
from university.platform.language import Words


class IfMatchMissing(PreconditionRequired):
    """The change came without an `If-Match` header."""

    title = Words("Send the ETag you read in If-Match.", "Prześlij w If-Match odczytany ETag.")


class StaleVersion(PreconditionFailed):
    """Somebody else changed the record first."""


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The `If-Match` header of a request, or its absence."""

    header: str | None

    def check(self, version: int) -> None:
        """Return quietly when the header names this version or is `*`; raise `StaleVersion` or `IfMatchMissing`."""
        if self.header is None:
            raise IfMatchMissing
        tags = [tag.strip() for tag in self.header.split(",")]
        if "*" not in tags and not any(_names(tag, version) for tag in tags):
            raise StaleVersion(current=etag(version))


def etag(version: int, content: str = "") -> str:
    """Return the strong entity tag of a version; `content` tells apart answers that hold more than the record."""
    return f'"v{version}-{content}"' if content else f'"v{version}"'


def _names(tag: str, version: int) -> bool:
    return tag == etag(version) or (tag.startswith(f'"v{version}-') and tag.endswith('"'))
