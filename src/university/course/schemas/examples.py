"""What the examples of the document share."""

from collections.abc import Mapping
from typing import Any

Example = Mapping[str, Any]
ID = "01920000-0000-7000-8000-000000000001"
OTHER_ID = "01920000-0000-7000-8000-000000000002"
