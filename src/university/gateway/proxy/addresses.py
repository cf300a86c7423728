"""Where a request comes from, whatever stands between."""

from ipaddress import ip_address

from university.gateway.proxy.asking import Environ


def address_of(environ: Environ, proxies: int = 0) -> str:
    """Return the address of who asks, as the outermost of our own `proxies` in front saw it.

    Each of them appends whom it heard to `X-Forwarded-For`; what stands before that anybody may have written. Where the
    entry is missing or no address, the request came past our proxies, and its sender is who it came from.
    """
    told = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < proxies <= len(told):
        try:
            return str(ip_address(told[-proxies]))
        except ValueError:
            pass
    remote: str = environ.get("REMOTE_ADDR", "")
    return remote
