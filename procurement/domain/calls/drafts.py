"""A competition before its announcement: begun under a rule profile, filled in step by step, in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.models import RuleProfile, StoredDocument
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.domain.calls.freezing import live_rules
from procurement.domain.calls.gaps import Gap, NotReady
from procurement.domain.calls.steps import lock_competition, official_of
from procurement.enums import CompetitionState, Moment
from procurement.models import (
    Commissioner,
    Competition,
    CompetitionDocument,
    FormVersion,
    Lot,
    OrderDecision,
    RubricVersion,
    ServiceSpecification,
)

if TYPE_CHECKING:
    from portal.accounts.models import User

# what the notice says besides lots and dates
NOTICE: Final = (
    "title",
    "legal_ground",
    "requirements",
    "documents_note",
    "submission_note",
    "opening_place",
    "contact_name",
    "contact_phone",
    "contact_email",
    "budget_limit",
    "draft_contract",
)
CHOSEN: Final = ("decision", "form", "rubric")
POINTS: Final = tuple(point.value for point in Moment)
_ROWS: Final[Mapping[str, type[Model]]] = {
    "decision": OrderDecision,
    "form": FormVersion,
    "rubric": RubricVersion,
    "draft_contract": StoredDocument,
}


@transaction.atomic
def start_competition(
    *, user: User, commissioner_id: int, procedure: str, title: str, now: datetime, decision_id: int | None = None
) -> Competition:
    """Begin a draft under the rule profile in force today for the hromada (its own, else the national one).

    The form and the rubric that the profile names are chosen at once. Raises `PermissionDenied`, `StepRefused`.
    """
    commissioner = Commissioner.objects.select_related("organisation", "hromada").get(pk=commissioner_id)
    commissioner_role(user, commissioner.hromada)
    profile = profile_for(commissioner, procedure, day_of(now))
    policy = live_rules(profile, day_of(now)).policy
    competition = Competition(
        procedure=procedure,
        profile=profile,
        commissioner=commissioner,
        hromada=commissioner.hromada,
        title=title.strip(),
        form=_latest(FormVersion, policy["form"]),
        rubric=_latest(RubricVersion, policy["rubric"]),
        created_by=user,
        created_at=now,
        saved_at=now,
    )
    if decision_id is not None:
        _set_decision(competition, OrderDecision.objects.get(pk=decision_id))
    competition.save(force_insert=True)
    return competition


def profile_for(commissioner: Commissioner, procedure: str, on: date) -> RuleProfile:
    """Return the rules of the hromada, known by its code or by that of the body, else the national ones."""
    for authority in (commissioner.hromada.code, commissioner.organisation.code or "", ""):
        try:
            return RuleProfile.objects.in_force(procedure, on, authority)
        except RuleProfile.DoesNotExist:
            continue
    raise StepRefused(_("There are no rules of this procedure in force."))


def _latest(model: Any, code: str) -> Any:
    return model.objects.filter(code=code).order_by("-number").first() if code else None


@transaction.atomic
def save_call(
    *, competition_id: int, user: User, values: Mapping[str, Any], now: datetime, base: str = ""
) -> Competition:
    """Set fields of a draft: those of the notice and points of the timetable; unknown names raise `KeyError`.

    A draft may hold an unlawful timetable, except for what could not be kept at all: that raises `NotReady`. Rows are
    given as keys, rows or None. With `base`, what `base_of` said of these fields when they were read, nothing that
    somebody else has set since is lost: `StepRefused`.
    """
    competition = _draft(competition_id, user)
    if base and base != base_of(competition, values):
        raise StepRefused(_("Somebody has changed this meanwhile. Look at it in another window, then save again."))
    set_values(competition, values, (*NOTICE, *CHOSEN, *POINTS))
    refuse_unkeepable(competition)
    competition.saved_at = now
    competition.save()
    return competition


def base_of(competition: Competition, names: Iterable[str]) -> str:
    """Return by what the present values of these fields are known again."""
    columns = {name: f"{name}_id" if name in _ROWS else name for name in names}
    return audit.digest_of({name: str(getattr(competition, column)) for name, column in columns.items()})


def set_values(competition: Competition, values: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Put values into the row, not saved yet; text is stripped, a row may be given by its key."""
    for name, value in values.items():
        if name not in allowed:
            raise KeyError(name)
        if name in _ROWS and value is not None and not isinstance(value, Model):
            value = _ROWS[name]._default_manager.get(pk=value)  # noqa: PLW2901, SLF001
        if name == "decision":
            _set_decision(competition, value)
        else:
            setattr(competition, name, value.strip() if isinstance(value, str) else value)


def _set_decision(competition: Competition, decision: OrderDecision | None) -> None:
    if decision is not None and decision.hromada_id != competition.hromada_id:
        raise StepRefused(_("This decision is of another hromada."))
    competition.decision = decision
    competition.order_decided_on = decision.decided_on if decision else None


def refuse_unkeepable(competition: Competition) -> None:
    """Raise `NotReady` for dates that contradict each other by what they are, whatever the rules."""
    opens, closes, latest = competition.opens_at, competition.closes_at, competition.hold_until
    found = []
    if opens and closes and opens >= closes:
        found.append(Gap("timetable", "closes_at", _("Accepting proposals ends after it begins.")))
    if latest and closes and latest < closes:
        found.append(Gap("timetable", "hold_until", _("The latest end is not before the end.")))
    if found:
        raise NotReady(found)


@transaction.atomic
def set_lots(*, competition_id: int, user: User, lots: Sequence[Mapping[str, Any]], now: datetime) -> Competition:
    """Put these lots in place of a draft's: each `{"title", "specification", "ceiling"}`, a key or a sum or None."""
    competition = _draft(competition_id, user)
    keys = [row["specification"] for row in lots if row.get("specification") is not None]
    known = ServiceSpecification.objects.filter(pk__in=keys, hromada=competition.hromada_id).in_bulk()
    if set(keys) - set(known):
        raise StepRefused(_("There is no such specification in this hromada."))
    competition.lots.all().delete()
    Lot.objects.bulk_create(_lot(competition, number, row, known.get) for number, row in enumerate(lots, 1))
    competition.saved_at = now
    competition.save(update_fields=["saved_at"])
    return competition


def _lot(competition: Competition, number: int, row: Mapping[str, Any], find: Callable[[Any], Any]) -> Lot:
    specification = find(row.get("specification"))
    title = (row.get("title") or "").strip() or (specification.title if specification else "")
    return Lot(
        competition=competition,
        number=number,
        title=title,
        specification=specification,
        ceiling=row.get("ceiling"),
    )


@transaction.atomic
def attach_to_call(
    *, competition_id: int, user: User, document: StoredDocument, title: str, now: datetime
) -> CompetitionDocument:
    """Add a stored file to the announcement; it is everybody's once the competition is announced."""
    competition = _draft(competition_id, user)
    return CompetitionDocument.objects.create(
        competition=competition, document=document, title=title.strip() or document.name, added_at=now
    )


@transaction.atomic
def detach_from_call(*, competition_id: int, user: User, document_id: int) -> None:
    """Take a file out of a draft; after the announcement nothing is taken out."""
    _draft(competition_id, user).documents.filter(pk=document_id).delete()


@transaction.atomic
def discard_call(*, competition_id: int, user: User) -> None:
    """Throw a draft away: nobody else has seen it."""
    competition = _draft(competition_id, user)
    competition.documents.all().delete()
    competition.delete()


def _draft(competition_id: int, user: User) -> Competition:
    competition = lock_competition(competition_id)
    official_of(competition, user)
    if competition.state != CompetitionState.DRAFT:
        raise StepRefused(_("The competition is announced already; now it is changed by a new version."))
    return competition
