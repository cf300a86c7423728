"""Where a request comes from: what our own proxies saw is believed, and nothing that anybody else may have written."""

import pytest

from university.gateway.proxy.addresses import address_of


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "192.0.2.7", "10.0.0.9"),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "203.0.113.1, 192.0.2.7", "192.0.2.7"),
        (2, "203.0.113.1, 192.0.2.7, 10.0.0.8", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.9"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "", "10.0.0.9"),
        (1, "unknown", "10.0.0.9"),
        (1, "192.0.2.7,", "10.0.0.9"),
        (1, None, "10.0.0.9"),
    ],
)
def test_the_entry_of_the_outermost_proxy_of_ours_is_believed(proxies: int, told: str | None, address: str) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.9", **({"HTTP_X_FORWARDED_FOR": told} if told is not None else {})}

    assert address_of(environ, proxies) == address
