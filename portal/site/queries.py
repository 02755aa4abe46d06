"""Questions that the frame of every page asks; kept for a minute, since the answers change rarely."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from portal.accounts.cards import Card
from portal.accounts.models import Organisation
from portal.kernel.languages import reader_language
from portal.kernel.models import LogHead
from portal.site.guides.lists import Linked, texts_of
from portal.site.models import HotLine, Notice
from registry.models import EntryChange, RegisterEntry

KEPT_FOR = 60


@dataclass(frozen=True, slots=True)
class RegisterState:
    """When the register last changed, and where the decision log stands."""

    changed_at: datetime | None
    log_seq: int
    log_digest: str


def hot_lines() -> list[HotLine]:
    """Return the emergency numbers above every page, in the editors' order."""
    return cache.get_or_set("site:hot_lines", lambda: list(HotLine.objects.filter(shown=True)), KEPT_FOR)


def notices() -> list[Notice]:
    """Return the messages above every page that are in force at this moment."""
    now = timezone.now()
    known = cache.get_or_set("site:notices", lambda: list(Notice.objects.filter(shown=True)), KEPT_FOR)
    return [one for one in known if one.is_current(now)]


def text_links() -> list[Linked]:
    """Return the pages of text to link below every page, in the reader's language."""
    return texts_of(reader_language())


def demo_is_present() -> bool:
    """Say whether invented entries stand in the register, so that every page can warn of them."""
    return cache.get_or_set("site:demo", lambda: RegisterEntry.objects.filter(is_demo=True).exists(), KEPT_FOR)


def register_state() -> RegisterState:
    return cache.get_or_set("site:register_state", _read_register_state, KEPT_FOR)


def _read_register_state() -> RegisterState:
    head = LogHead.objects.first() or LogHead()
    return RegisterState(EntryChange.objects.aggregate(last=Max("at"))["last"], head.seq, head.digest)


def card_in_register(organisation: Organisation) -> Card | None:
    """Return the organisation's card for those layers that know no register; the newest when there are several."""
    entry = RegisterEntry.objects.filter(organisation=organisation).order_by("-pk").first()
    if entry is None:
        return None
    return Card(entry.number, reverse("registry:entry", args=[entry.number]) if entry.is_open else "")
