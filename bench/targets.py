"""What performance must be reached: each target with its bound, and the command that measures it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One bound: `sign` says on which side of it a figure must be."""

    key: str
    """Its number, and a word where a number has several bounds."""
    text: str
    sign: str
    bound: float
    command: str
    unit: str = ""
    stretch: float | None = None

    def is_met(self, figure: float, bound: float | None = None) -> bool:
        """Tell whether a figure is within the bound, or within another one."""
        limit = self.bound if bound is None else bound
        return figure >= limit if self.sign == "≥" else figure <= limit


TARGETS = [
    Target("1", "one process: rate / FastAPI + asyncpg as usually written", "≥", 1.0, "make enroll"),
    Target("1 tuned", "one process: rate / FastAPI + asyncpg, tuned (stretch)", "≥", 1.0, "make enroll"),
    Target("2", "one process: rate / pgbench of the same statements", "≥", 0.12, "make enroll", stretch=0.18),
    Target("3", "one process: server + database CPU / that FastAPI", "≤", 1.0, "make enroll", stretch=0.8),
    Target("4 one process", "split through the gateway: rate / one process", "≥", 0.40, "make enroll", stretch=0.6),
    Target("4 peer", "split: rate / FastAPI + httpx split", "≥", 4, "make enroll", stretch=8),
    Target("5", "gateway's CPU / one process's server CPU of an enrollment", "≤", 0.3, "make enroll", stretch=0.2),
    Target("6", "refusal for a full section: database CPU / that of a claim", "≤", 0.5, "make enroll"),
    Target("7 timeouts", "2,000 keep-alive clients at once: timeouts", "≤", 0, "make keep-alive"),
    Target("7 p99", "2,000 keep-alive clients at once: p99", "≤", 1.0, "make keep-alive", "s"),
    Target("8 uncached", "catalog page of 50, uncached: CPU / FastAPI + pydantic", "≤", 0.8, "make catalog"),
    Target("8 cached", "the same page, cached: CPU / uncached", "≤", 0.45, "make catalog"),
    Target("8 304", "the same page, unchanged (304): CPU / uncached", "≤", 0.4, "make catalog"),
    Target("9 search", "search: CPU / a keyset page", "≤", 5, "make catalog"),
    Target("9 last page", "last page: CPU / first page", "≤", 1.5, "make catalog"),
    Target("10 relay", "relay: rate / publishing with one confirm at a time", "≥", 10, "make events"),
    Target("10 lag", "view lag at 500 events a second: p99", "≤", 25, "make events", "ms"),
    Target("10 stampede", "view lag in the stampede: the most", "≤", 2.0, "make stampede", "s"),
    Target("11 oversold", "stampede: oversold seats", "≤", 0, "make stampede"),
    Target("11 p99", "stampede: p99 of the admitted at the rate the machine holds", "≤", 1.5, "make stampede", "s"),
    Target("11 refused", "stampede: overload refused within (median)", "≤", 50, "make stampede", "ms"),
    Target("12 worker", "memory of a worker", "≤", 80, "make footprint", "MB"),
    Target("12 gateway", "memory of the gateway", "≤", 45, "make footprint", "MB"),
    Target("12 users", "500 virtual users: memory of the largest process", "≤", 200, "make architectures", "MiB"),
    Target("12 import", "importing a serving process", "≤", 0.8, "make footprint", "s"),
    Target("12 run", "make run on a prepared checkout: seconds to the first answer", "≤", 3.0, "make footprint", "s"),
    Target("13 rate", "SQLite, 8 threads at the repository: enrollments a second", "≥", 2000, "make sqlite"),
    Target("13 busy", "the same: busy errors", "≤", 0, "make sqlite"),
    Target("13 slowest", "the same: the slowest", "≤", 0.5, "make sqlite", "s"),
]
