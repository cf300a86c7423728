"""What is shown at an address outside the API: a file of the user interface, its first page, or a page of our own."""

import gzip
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import msgspec

from university.gateway.site import router

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)
"""What every page says to browsers, as the frontend's `security.conf` does."""
FOREVER, ASKED_EACH_TIME = "public, max-age=31536000, immutable", "no-cache"
KINDS = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "txt": "text/plain",
    "xml": "text/xml",
    "json": "application/json",
    "map": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
}
_PACKED = {"text", "json", "manifest+json", "svg+xml"}
_MACHINERY = {"api", "health", "internal", "metrics"}
"""First words of addresses that programs ask for: no page is ever shown in place of an answer."""
_ROUTES = "routes.json"
_OURS = {_ROUTES, "manifest.json"}
"""What the build writes down for those who serve and test its files."""
_HERE = Path(__file__).parent
BUILT = _HERE.parent / "static"
"""Where the user interface is once it was built, in the wheel as in a checkout."""


@dataclass(frozen=True)
class File:
    """Something to show: its kind, its bytes, and for how long it may be kept."""

    name: str
    content: bytes
    kept: str = ASKED_EACH_TIME
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        kind = KINDS.get(self.name.rpartition(".")[2], "application/octet-stream")
        told = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        object.__setattr__(self, "kind", told)

    @cached_property
    def etag(self) -> str:
        """What tells these bytes from others; those of the packed form have another."""
        return blake2b(self.content, digest_size=12).hexdigest()

    @cached_property
    def packed(self) -> bytes | None:
        """The bytes as gzip, made when first asked for; None where that gains nothing."""
        first, _, second = self.kind.partition(";")[0].partition("/")
        if not {first, second} & _PACKED:
            return None
        packed = gzip.compress(self.content, 9, mtime=0)
        return packed if len(packed) < len(self.content) else None


class Site:
    """The pages of one folder, read once, and who is told what where there is none."""

    def __init__(self, folder: Path = BUILT) -> None:
        """Read the built user interface, or where there is none the plain page that says so."""
        folder = folder if (folder / "index.html").is_file() else _HERE / "page"
        self._files = {
            "/-/plain.css": File("plain.css", (_HERE / "own/plain.css").read_bytes()),
            **{f"/{name}": file for name, file in _read(folder)},
        }
        self._index = self._files["/index.html"]
        self._known = router.compiled(["/", *_routes(folder)])
        self.not_found, self.not_taken = (
            File("index.html", (_HERE / f"own/{name}.html").read_bytes(), kept="no-store")
            for name in ("not-found", "not-taken")
        )

    def find(self, path: str) -> File | None:
        """Return what is at an address: the page of the user interface wherever its router knows the address."""
        return self._files.get(path) or (self._index if self._known.fullmatch(path) else None)

    @staticmethod
    def is_for_programs(path: str) -> bool:
        """Tell whether an address is none that a person would open."""
        return path.lstrip("/").partition("/")[0] in _MACHINERY


def _read(folder: Path) -> list[tuple[str, File]]:
    """Return every file of a folder but the hidden ones and those that are for us."""
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    shown = [name for name in names if name not in _OURS and not any(part.startswith(".") for part in name.split("/"))]
    kept = {True: FOREVER, False: ASKED_EACH_TIME}
    return [(name, File(name, (folder / name).read_bytes(), kept[name.startswith("assets/")])) for name in shown]


def _routes(folder: Path) -> list[str]:
    """Return the addresses that the router of a folder's pages knows; the plain page has none."""
    file = folder / _ROUTES
    return msgspec.json.decode(file.read_bytes(), type=list[str]) if file.exists() else []
