"""Questions that the frame of every page asks; kept for a minute, since the answers change rarely."""

from django.core.cache import cache

from portal.site.models import HotLine
from registry.models import RegisterEntry


def hot_lines() -> list[HotLine]:
    """Return the emergency numbers above every page, in the editors' order."""
    return cache.get_or_set("site:hot_lines", lambda: list(HotLine.objects.filter(shown=True)), 60)


def demo_is_present() -> bool:
    """Say whether invented entries stand in the register, so that every page can warn of them."""
    return cache.get_or_set("site:demo", RegisterEntry.objects.filter(is_demo=True).exists, 60)
