"""docs/reachability.md as the flows and the policies make it: `python -m tests.deploy.page` writes it."""

from collections import defaultdict

from tests.deploy.flows import NAMES, ends, flows
from tests.deploy.manifests import OVERLAYS, ROOT, overlay
from tests.deploy.matrix import reached
from tests.deploy.reachability import Policies

PAGE = ROOT / "docs" / "reachability.md"


def text() -> str:
    """Return the page."""
    parts = [_BEFORE, "## What must be possible, and why", _reasons()]
    for name in OVERLAYS:
        parts += [f"## {name.capitalize()}", _matrix(name)]
    return "\n\n".join(parts) + "\n"


_BEFORE = """\
# Who reaches whom

Everything is closed in both directions, and what must be possible is open on both of its ends, by one port. \
`tests/deploy/test_matrix.py` computes from the rendered NetworkPolicies of each overlay who reaches whom by which \
port, and wants exactly what stands here. Who asks whom is read from the modules' code. This page is written by \
`.venv/bin/python -m tests.deploy.page`, and a test holds it to what that writes.

- A part is a module's processes that serve (`course`), its workers, the jobs that migrate it or provision what it \
stands on. *edge*, *monitoring*, *names* (DNS) and operators are pods of other namespaces.
- Everything asks *names* by port 53; this is left out below. The kubelet's probes come from the node, which policies \
never hold back."""


def _reasons() -> str:
    lines = ["| from | to | port | why | in |", "| --- | --- | --- | --- | --- |"]
    for flow in flows():
        told = [name for name in OVERLAYS if name in flow.overlays]
        where = "every overlay" if len(told) == len(OVERLAYS) else ", ".join(told)
        if told:
            lines.append(f"| {flow.source} | {flow.target} | {flow.port} | {flow.why} | {where} |")
    return "\n".join(lines)


def _matrix(name: str) -> str:
    """Return who reaches whom in an overlay: a row for each source, a column for each target, ports where they meet."""
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for source, target, port, _ in sorted(reached(ends(overlay(name)), Policies.among(overlay(name).documents))):
        if (target, port) != ("names", NAMES):
            cells[source, target].append(port)
    sources, targets = (sorted({ways[end] for ways in cells}) for end in (0, 1))
    lines = [f"| from ↓ to → | {' | '.join(targets)} |", f"| --- |{' --- |' * len(targets)}"]
    for source in sources:
        ports = [", ".join(str(port) for port in cells.get((source, target), [])) for target in targets]
        lines.append(f"| **{source}** | {' | '.join(ports)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
