"""The way from the door to the modules: no far one takes more than its share of the threads."""

from dataclasses import replace

from prometheus_client import Counter, Gauge

from university.gateway.proxy import answering
from university.gateway.proxy.refusing import ServiceBusy
from university.gateway.routes import MODULES
from university.platform.neighbors import Neighborhood
from university.platform.sharing import Share
from university.platform.transport.exchange import Answer, Flow, Request

_BUSY = Counter("university_gateway_busy", "Requests refused because a service had its share of threads.", ("module",))
_IN_HAND = Gauge("university_gateway_in_hand", "Requests a service is at for the gateway.", ("module",))


class Passage:
    """Asks modules; one in this process works in the asking thread anyway, so only far ones are held to a share."""

    def __init__(self, neighborhood: Neighborhood, threads: int) -> None:
        self._neighborhood = neighborhood
        self._shares = {module: Share(max(1, threads * 3 // 4)) for module in MODULES}
        for module, share in self._shares.items():
            _IN_HAND.labels(module).set_function(lambda share=share: share.taken)  # type: ignore[misc]  # mypy cannot type a default of a lambda

    def open(self, module: str, request: Request) -> Answer | Flow:
        """Return a module's answer, or a long one's beginning.

        Raises `ServiceBusy` before anything is sent, `NeighborUnavailable`, `DeadlineExceeded`, and a `Fault` for a
        long answer that ends before it begins.
        """
        if not self._neighborhood.is_far(module):
            return self._opened(module, request)
        share = self._shares[module]
        if not share.take():
            _BUSY.labels(module).inc()
            raise ServiceBusy
        try:
            answer = self._opened(module, request)
        except BaseException:
            share.leave()
            raise
        if isinstance(answer, Answer):
            share.leave()
            return answer

        def close(flow: Flow = answer) -> None:
            try:
                flow.close()
            finally:
                share.leave()

        return replace(answer, close=close)

    def _opened(self, module: str, request: Request) -> Answer | Flow:
        answer = self._neighborhood.open(module, request)
        return answer if isinstance(answer, Answer) else answering.begun(answer)
