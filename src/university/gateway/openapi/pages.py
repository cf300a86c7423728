"""The interactive pages at `/api/docs`: everything from this server, nothing from anywhere else."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from university.gateway.openapi.merging import Documents

DOCUMENT = "/api/v1/openapi.json"
DOCS = "/api/docs"
CONTACT = "/.well-known/security.txt"
_LASTS = timedelta(days=180)
"""How long a contact is good for, from the day on which it is read; RFC 9116 wants less than a year."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML, _JS, _CSS, _PNG = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "text/css", "image/png"
_OURS = {"docs.js": _JS}
_SWAGGER_UI = {"swagger-ui.css": _CSS, "swagger-ui-bundle.js": _JS, "favicon-32x32.png": _PNG}


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader gets; `etag` is strong."""

    kind: str
    content: bytes
    etag: str
    policy: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to tell of a weakness (a URI), as RFC 9116 writes it; `public_url` is where people open the pages."""

    address: str
    public_url: str = ""

    def text(self) -> bytes:
        """Return the file; it changes once a day."""
        expires = (datetime.now(UTC) + _LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [f"Contact: {self.address}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: pl, en"]
        if self.public_url:
            lines.append(f"Canonical: {self.public_url.rstrip('/')}{CONTACT}")
        return "".join(f"{line}\n" for line in lines).encode()


class Pages:
    """Everything that is read without an account and without a module."""

    def __init__(self, documents: Documents, contact: Contact | None = None) -> None:
        here = Path(__file__).parent
        self._readers: dict[str, tuple[str, Callable[[], bytes]]] = {
            DOCUMENT: ("application/json", documents.merged),
            DOCS: (_HTML, (here / "docs.html").read_bytes),
        }
        if contact is not None:
            self._readers[CONTACT] = ("text/plain; charset=utf-8", contact.text)
        for folder, files in ((here, _OURS), (_swagger_ui(), _SWAGGER_UI)):
            for name, kind in files.items():
                self._readers[f"{DOCS}/{name}"] = (kind, (folder / name).read_bytes)

    def __contains__(self, path: str) -> bool:
        return path in self._readers

    def read(self, path: str) -> Page:
        """Return the page at a path that is one of ours; raise `Unavailable` when the document cannot be had."""
        kind, read = self._readers[path]
        content = read()
        return Page(kind, content, f'"{blake2b(content, digest_size=12).hexdigest()}"', _POLICY)


def _swagger_ui() -> Path:
    """Return the folder of Swagger UI's own files, without importing the package that brings them."""
    found = importlib.util.find_spec("flask_swagger_ui")
    if found is None or found.origin is None:
        raise FileNotFoundError("flask-swagger-ui is not installed")
    return Path(found.origin).parent / "dist"
