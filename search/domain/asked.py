"""What people ask and what they do not find, counted without knowing who: no person, no address, no hour.

A text that looks private is not kept at all; a rare one is forgotten after a month, because what only one person asks
may tell who asked.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import QuerySet, Sum

from registry.enums import UnitCategory
from registry.models import ServiceType, Territory
from search.analysis.normal import words as words_of
from search.enums import AskedOutcome
from search.models import AskedQuery, UnmetNeed

LONGEST: Final = 120
LEAST: Final = 5
DAYS_KEPT: Final = 30
_PLACE: Final = re.compile(r"UA\d{17}")
_NAMES: Final = (
    "иван|петр|никола|александр|владимир|серге|виктор|михайл|алексе|андре|анатоль|василь|григорь|юрь|дмитри|павл|степан"
)
_PRIVATE: Final = re.compile(
    r"@"  # an e-mail, a name in a messenger
    r"|\d(?:[\s().,+/\\:_\-–—]*\d){4}"  # a phone, a card, a code, a day of birth: five digits, however parted
    r"|\b\w{2,}(?:[оеєії]вич(?:а|у|ем|і)?|[ії]вн(?:а|и|і|у|о|ою))\b"  # a patronymic, so a person's full name
    rf"|\b(?:{_NAMES})(?:овн|евн)(?:а|ы|е|у|ой)\b"
    r"|\b(?:кв|буд|будинок)\.?\s*№?\s*\d",  # a flat, a house
    re.IGNORECASE,
)


def looks_private(text: str) -> bool:
    """Say whether a text may tell of a person: an e-mail, a phone or any five digits, a patronymic, a house."""
    return bool(_PRIVATE.search(text))


def note_question(words: str, place: str, outcome: AskedOutcome, today: date) -> bool:
    """Count a question as it was typed; return whether it was counted.

    Texts that look private or are long are dropped, and so is a place that is no code of the codifier.
    """
    kept = _kept(words)
    if not kept:
        return False
    _count(AskedQuery, day=today, words=kept, outcome=outcome.value, place=place if _PLACE.fullmatch(place) else "")
    return True


def report_unmet_need(place: str, service: str, words: str, today: date) -> bool:
    """Count that a place has no such service; return whether it was counted.

    The place is told no finer than its hromada. Nothing is counted without a known place, or when neither a service of
    the catalogue nor words fit to be kept were told.
    """
    where = _community(place)
    service = service if service and ServiceType.objects.filter(slug=service).exists() else ""
    kept = _kept(words)
    if not where or not (service or kept):
        return False
    _count(UnmetNeed, day=today, place=where, service=service, words=kept)
    return True


@transaction.atomic
def forget_rare(today: date, days: int = DAYS_KEPT, least: int = LEAST) -> int:
    """Delete questions older than `days` whose words were asked fewer than `least` times in all; return the rows gone.

    Unmet needs stay counted by place and service, only their rare words go.
    """
    before = today - timedelta(days=days)
    deleted, _by_model = _rare(AskedQuery, before, least).delete()
    needs = list(_rare(UnmetNeed, before, least).exclude(words=""))
    UnmetNeed.objects.filter(pk__in=[need.pk for need in needs]).delete()
    for need in needs:
        _count(UnmetNeed, need.count, day=need.day, place=need.place, service=need.service, words="")
    return deleted + len(needs)


def _rare(model: type[models.Model], before: date, least: int) -> QuerySet[Any]:
    rows = model._default_manager  # noqa: SLF001 Django's public API
    rare = rows.values("words").annotate(total=Sum("count")).filter(total__lt=least).values("words")
    return rows.filter(day__lt=before, words__in=rare)


def _kept(text: str) -> str:
    """Return the words in the one form in which they are counted, nothing for a text that must not be kept."""
    text = text.strip()
    if len(text) > LONGEST or looks_private(text):
        return ""
    kept = " ".join(words_of(text))
    # letters repaired on the way may have made digits of something else
    return "" if looks_private(kept) else kept


def _community(place: str) -> str:
    """Return the code of the hromada a unit lies in, or of its oblast; nothing for a code nobody knows."""
    if not _PLACE.fullmatch(place):
        return ""
    unit = Territory.objects.select_related("hromada", "oblast").filter(code=place).first()
    if unit is None:
        return ""
    if unit.category in UnitCategory.regions:
        return unit.code
    above = unit.hromada or unit.oblast
    return above.code if above else ""


def _count(model: type[models.Model], times: int = 1, **key: Any) -> None:
    """Add to the count of a row, or make the row: one statement, so that no count is lost between two visitors."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)  # noqa: SLF001
    columns = {quote(name): _adapted(model, name, value) for name, value in key.items()}
    count = quote("count")
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}, {count}) VALUES ({', '.join(['%s'] * len(columns))}, %s) "  # noqa: S608 our own names
        f"ON CONFLICT ({', '.join(columns)}) DO UPDATE SET {count} = {table}.{count} + excluded.{count}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*columns.values(), times])


def _adapted(model: type[models.Model], name: str, value: Any) -> Any:
    column: Any = model._meta.get_field(name)  # noqa: SLF001
    return column.get_db_prep_save(value, connection)
