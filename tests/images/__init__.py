"""The images of this checkout: built for every test that asks, and tested here.

`built("course", "gateway")` returns their names. A test that is the first to ask may wait for minutes, so it carries
`pytest.mark.timeout(900)`; `python -m tests.images` builds all of them beforehand.
"""

from tests.images.building import built

__all__ = ["built"]
