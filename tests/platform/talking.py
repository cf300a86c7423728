"""A process that serves a few requests badly and logs as in production: `python -m tests.platform.talking FOLDER`."""

import logging
import sys
import warnings
from pathlib import Path

from tests.house import REGISTRAR
from tests.platform.asking import ask, raw, token
from tests.platform.conftest import furnish
from university.platform import telemetry
from university.platform.settings import Settings


def main(folder: str) -> None:
    """Go wrong in every way that is logged, and say the trace of each answer."""
    telemetry.configure("info")
    library = furnish(Settings(data_dir=Path(folder)))
    wrong = {"code": "SECRET-CODE", "title": "secret title"}
    proof = token(library, REGISTRAR)
    told = [
        raw(library, "GET", "/api/v1/surprise", proof),
        ask(library, "POST", "/careless", {**wrong, "pages": 0}),
        ask(library, "POST", "/books", {**wrong, "secret": True}),
        ask(library, "GET", "/books?title=secret-query"),
        raw(library, "GET", "/api/v1/books", {"Authorization": "Bearer secret-token"}),
    ]
    with telemetry.tracing(None):
        logging.getLogger("library").warning("foreign words with %s", "umlauts: ä\nand lines")
        telemetry.log("tests").info("own words", number=5, thing=Path("x"))
        telemetry.log("tests").debug("too quiet")
    warnings.warn("a library warns", stacklevel=1)
    sys.stdout.write(" ".join([reply.json.get("trace_id", "-") for reply in told] + list(proof.values())))


if __name__ == "__main__":
    main(*sys.argv[1:])
