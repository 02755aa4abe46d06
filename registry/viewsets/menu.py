"""Menu items that only those see who may open what is behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wagtail.admin.menu import MenuItem


def guarded_menu_item(predicate: Callable[..., bool]) -> type[MenuItem]:
    """Return a class of menu items shown when the predicate of `registry.rules` holds."""

    class GuardedMenuItem(MenuItem):
        def is_shown(self, request: Any) -> bool:
            return bool(predicate(request.user))

    return GuardedMenuItem
