"""Whatever a provider has sent, as bytes to be kept."""

import json
from typing import Any


def packed(body: Any) -> bytes:
    """JSON in UTF-8, as `json.loads` reads it back.

    A half of a character, which JSON can name and UTF-8 cannot, stays what it is: it stops nobody else's update.
    """
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
