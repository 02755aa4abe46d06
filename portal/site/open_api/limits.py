"""How often one address may ask: counted by each process for itself within a minute, then forgotten.

What is counted under is a digest made with the key of this installation, so that memory holds no address.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.accounts.lockout import client_address

_WINDOW: Final = 60
# whoever has more addresses than this is not stopped by counting them
_MOST: Final = 100_000


@dataclass(slots=True)
class _Minute:
    number: int = 0
    counts: dict[bytes, int] = field(default_factory=dict)


_now: Final = _Minute()


def seconds_to_wait(request: HttpRequest) -> int:
    """Count the request; return for how long its sender must wait, 0 where it is within the limit."""
    limit = settings.API_REQUESTS_A_MINUTE
    if not limit:
        return 0
    minute, passed = divmod(int(time.time()), _WINDOW)
    if _now.number != minute or len(_now.counts) > _MOST:
        forget()
        _now.number = minute
    key = salted_hmac("portal.api", str(client_address(request))).digest()
    asked = _now.counts[key] = _now.counts.get(key, 0) + 1
    return _WINDOW - passed if asked > limit else 0


def forget() -> None:
    """Begin to count anew."""
    _now.counts.clear()
