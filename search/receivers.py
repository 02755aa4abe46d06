"""What the search hears: changes of register, pages, competitions become messages of the outbox; the worker follows.

A message about the register only says that it is time to look (see `search.indexing`). `entries_changed` comes after
the commit, so a process may die between the two and say nothing: therefore a worker looks by itself when it starts and
once a minute. Pages have no revisions: their messages are written in the transaction of the change, and name the page.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import enqueue, handles
from portal.kernel.signals import worker_round
from procurement.signals import competition_changed
from registry.models import ServiceType, VulnerableGroup
from registry.signals import entries_changed
from search import lexicon
from search.domain.asked import forget_rare
from search.engines import engine, is_on
from search.engines.interface import EngineAway
from search.indexing import IndexBusy, follow, follow_competitions, follow_pages, lags_in_competitions
from search.models import Synonym
from search.signals import thesaurus_changed

KIND: Final = "search"
# how long news wait while another process writes the index
PAUSE: Final = timedelta(seconds=2)
AN_HOUR: Final = timedelta(hours=1)
log = logging.getLogger(__name__)


# --- the register --------------------------------------------------------------------------------------------------


@receiver(entries_changed, dispatch_uid="search")
def note_entries(revision: int, **_news: Any) -> None:
    if is_on():
        enqueue(KIND, f"search:register:{revision}", {})


@receiver(worker_round, dispatch_uid="search")
def look_into_register(**_news: Any) -> None:
    """Follow what nobody told of; whatever prevents it is told by `/healthz`, and the next round tries again."""
    if not is_on():
        return
    # a second of reading words that the first change would have to wait for
    lexicon.annotator()
    try:
        follow(engine(), timezone.now())
    except IndexBusy:
        return
    except EngineAway as error:
        log.warning("the search engine does not answer: %s", error)


_forgot_on: list[date] = []


@receiver(worker_round, dispatch_uid="search.forget")
def forget_rare_questions(**_news: Any) -> None:
    """Drop, once a day, the words of questions that few people asked."""
    today = timezone.localdate()
    if _forgot_on != [today]:
        forget_rare(today)
        _forgot_on[:] = [today]


# --- pages ---------------------------------------------------------------------------------------------------------


@receiver([page_published, page_unpublished], dispatch_uid="search")
def note_page(instance: Page, **_news: Any) -> None:
    _note_pages({"pages": [instance.pk]})


@receiver(post_delete, sender=Page, dispatch_uid="search")
def note_deleted_page(instance: Page, **_news: Any) -> None:
    _note_pages({"pages": [instance.pk]})


@receiver([post_page_move, page_slug_changed], dispatch_uid="search")
@receiver([post_save, post_delete], sender=PageViewRestriction, dispatch_uid="search")
def note_all_pages(**_news: Any) -> None:
    """Note all pages: what gets another address, or is closed to some readers, may be a whole branch."""
    _note_pages({"pages": None})


def _note_pages(payload: Mapping[str, Any]) -> None:
    if is_on():
        # each change is news of its own: the same page is published many times
        enqueue(KIND, f"search:pages:{uuid4().hex}", payload)


# --- competitions --------------------------------------------------------------------------------------------------


@receiver(competition_changed, dispatch_uid="search")
def note_competition(competition_id: int, **_news: Any) -> None:
    if is_on():
        enqueue(KIND, f"search:competitions:{uuid4().hex}", {"competitions": [competition_id]})


_looked_at: list[datetime] = []


@receiver(worker_round, dispatch_uid="search.competitions")
def look_into_competitions(**_news: Any) -> None:
    """Note all competitions, once an hour at most, where a process has died between a step and its news."""
    now = timezone.now()
    if not is_on() or (_looked_at and now - _looked_at[0] < AN_HOUR):
        return
    _looked_at[:] = [now]
    try:
        if lags_in_competitions(engine()):
            enqueue(KIND, f"search:competitions:{uuid4().hex}", {"competitions": None})
    except EngineAway as error:
        log.warning("the search engine does not answer: %s", error)


# --- carrying out --------------------------------------------------------------------------------------------------


@handles(KIND)
def bring_up(message: OutboxMessage) -> None:
    """Bring the index up to the register, or to the pages that the message names.

    While another process writes, the news go on as a message of their own: one that fails waits a minute at least.
    Messages about the register that wait for the same moment are one.
    """
    if not is_on():
        return
    now = timezone.now()
    try:
        if "pages" in message.payload:
            follow_pages(engine(), message.payload["pages"])
        elif "competitions" in message.payload:
            follow_competitions(engine(), message.payload["competitions"])
        else:
            follow(engine(), now)
    except IndexBusy:
        again = now + PAUSE
        moment = int(again.timestamp() / PAUSE.total_seconds())
        about = message.pk if message.payload else "register"
        enqueue(KIND, f"search:again:{about}:{moment}", message.payload, available_at=again)


# --- words ---------------------------------------------------------------------------------------------------------


@receiver(thesaurus_changed, dispatch_uid="search")
@receiver([post_save, post_delete], sender=ServiceType, dispatch_uid="search")
@receiver([post_save, post_delete], sender=VulnerableGroup, dispatch_uid="search")
@receiver([post_save, post_delete], sender=Synonym, dispatch_uid="search")
def look_at_words_again(**_news: Any) -> None:
    lexicon.look_again()
