"""The desk of those who evaluate: what is in work, what was published, where a reply may be given; the task list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts import rules as accounts
from portal.accounts.models import Organisation
from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_language
from procurement.contract_enums import QualityKind, QualityState
from procurement.contract_rules import is_auditor
from procurement.domain.quality.gaps import Gap, gaps_of
from procurement.domain.quality.results import Offer
from procurement.domain.quality.yearly import Yearly, waiting_of
from procurement.models import IndicatorRating, QualityEvaluation
from procurement.rules import hromadas_of

if TYPE_CHECKING:
    from portal.accounts.models import User

LISTED = 100


@dataclass(frozen=True, slots=True)
class QualityDesk:
    """`drafts` are in work, `published` were told, `to_reply` are external ones about own organisations."""

    drafts: Sequence[QualityEvaluation]
    published: Sequence[QualityEvaluation]
    to_reply: Sequence[QualityEvaluation]
    # internal evaluations of the last year that own organisations have not published
    yearly: Sequence[Yearly]
    may_external: bool
    may_internal: bool


@dataclass(frozen=True, slots=True)
class QualityTask:
    """A part of the task list with what it still lacks."""

    code: str
    label: str
    url: str
    gaps: tuple[Gap, ...]
    # nothing is lacking because nobody has begun it, and nobody has to
    is_optional: bool = False

    @property
    def colour(self) -> str:
        return "warn" if self.gaps else "" if self.is_optional else "ok"

    @property
    def state_label(self) -> str:
        if self.gaps:
            return _("to be filled in")
        return pgettext("task", "if you wish") if self.is_optional else _("in order")


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator in work: its rating, what the survey offers, what is missing."""

    code: str
    name: str
    measure: str
    note: str
    weight: Decimal
    rating: IndicatorRating | None
    offer: Offer | None
    gap: Gap | None


def own_organisations(user: User, today: date) -> QuerySet[Organisation]:
    """Return the organisations for which the person holds a mandate on the day."""
    keys = accounts.mandates_of(user, today).values("organisation")
    return Organisation.objects.filter(pk__in=keys).order_by("name", "pk")


def desk_of(user: User, now: datetime) -> QualityDesk:
    """Return the desk of an official, of the provider's people, or of an auditor, who sees everything."""
    today = day_of(now)
    own, hromadas = list(own_organisations(user, today)), hromadas_of(user)
    organisations = [one.pk for one in own]
    rows = QualityEvaluation.objects.select_related("organisation", "service_type", "hromada", "indicators", "contract")
    if not is_auditor(user):
        internal = Q(kind=QualityKind.INTERNAL, organisation__in=organisations)
        external = Q(kind=QualityKind.EXTERNAL, hromada__in=hromadas) & ~Q(organisation__in=organisations)
        mine = rows.filter(internal | external)
    else:
        mine = rows
    told = rows.filter(organisation__in=organisations, kind=QualityKind.EXTERNAL, state=QualityState.PUBLISHED)
    return QualityDesk(
        list(mine.filter(state=QualityState.DRAFT).order_by("-created_at", "-pk")[:LISTED]),
        list(mine.filter(state=QualityState.PUBLISHED).order_by("-published_at", "-pk")[:LISTED]),
        list(told.order_by("-published_at", "-pk")[:LISTED]),
        waiting_of(own, today),
        hromadas.exists(),
        bool(own),
    )


def tasks_of(evaluation: QualityEvaluation, now: datetime) -> list[QualityTask]:
    """Return the parts of an evaluation in work with what each lacks, all at once."""
    gaps = gaps_of(evaluation, now)
    parts = [("about", _("Period, order, conclusion"))]
    if evaluation.kind == QualityKind.EXTERNAL:
        parts.append(("group", _("Working group")))
    parts += [("survey", _("Survey of recipients")), ("ratings", _("Ratings"))]
    return [
        QualityTask(
            code,
            label,
            reverse(f"quality:{code}", args=[evaluation.pk]),
            tuple(gap for gap in gaps if gap.part == code),
            is_optional=code == "survey" and not evaluation.surveys.exists(),
        )
        for code, label in parts
    ]


def indicator_lines(evaluation: QualityEvaluation, offers: dict[str, Offer], now: datetime) -> list[IndicatorLine]:
    """Return the indicators of the set in their order, each with what is known and what is missing."""
    ratings = {row.code: row for row in evaluation.ratings.all()}
    gaps = {gap.code: gap for gap in gaps_of(evaluation, now) if gap.code}
    return [
        IndicatorLine(
            row["code"],
            in_language(row["name_uk"], row["name_en"]),
            in_language(row["measure_uk"], row["measure_en"]),
            in_language(row["note_uk"], row["note_en"]),
            Decimal(row["weight"]),
            ratings.get(row["code"]),
            offers.get(row["code"]),
            gaps.get(row["code"]),
        )
        for row in evaluation.indicators.definition["indicators"]
    ]
