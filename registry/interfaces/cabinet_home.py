"""The first page of the cabinet: the organisations a person speaks for, how each stands, and what is to be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q

from portal.accounts.models import Claim, Mandate, Organisation
from portal.accounts.rules import mandates_of
from registry.enums import ApplicationKind, ApplicationState, Standing
from registry.interfaces.application_pages import KINDS
from registry.interfaces.application_progress import COLOURS, next_step
from registry.interfaces.cabinet_tasks import CabinetTask, tasks_for
from registry.models import Application, RegisterEntry
from registry.queries.freshness import Age, age_of, known_rules

if TYPE_CHECKING:
    from portal.accounts.models import User

# how many closed applications the page remembers, over all organisations
REMEMBERED: Final = 30


@dataclass(slots=True)
class ApplicationLine:
    application: Application
    title: str
    colour: str
    next_step: str
    due_on: date | None

    @property
    def is_draft(self) -> bool:
        return self.application.state == ApplicationState.DRAFT

    @property
    def waits(self) -> bool:
        """Say whether the register's clock runs."""
        return self.application.state in ApplicationState.pending


@dataclass(slots=True)
class OrganisationCard:
    """One organisation as its people see it; `claim` stands where the mandate is not confirmed yet."""

    organisation: Organisation
    mandates: list[Mandate] = field(default_factory=list)
    claim: Claim | None = None
    entry: RegisterEntry | None = None
    age: Age | None = None
    open: list[ApplicationLine] = field(default_factory=list)
    closed: list[ApplicationLine] = field(default_factory=list)
    tasks: list[CabinetTask] = field(default_factory=list)

    @property
    def is_included(self) -> bool:
        return self.entry is not None and self.entry.standing in Standing.active

    @property
    def may_begin(self) -> list[str]:
        """Return the kinds of application that may be begun now: nothing that is under way already."""
        wanted = [ApplicationKind.AMENDMENT, ApplicationKind.EXCLUSION]
        under_way = {line.application.kind for line in self.open}
        return [kind for kind in (wanted if self.is_included else [ApplicationKind.INCLUSION]) if kind not in under_way]


@dataclass(slots=True)
class Home:
    """`waiting` are claims that give no right yet."""

    cards: list[OrganisationCard]
    waiting: list[Claim]


def home_of(user: User, today: date) -> Home:
    """Return what the person's first page shows; the number of queries does not grow with the organisations."""
    cards: dict[int, OrganisationCard] = {}
    for mandate in mandates_of(user, today).select_related("organisation").order_by("organisation__name", "pk"):
        found = cards.setdefault(mandate.organisation_id, OrganisationCard(mandate.organisation))
        found.mandates.append(mandate)
    spoken_for = Exists(Mandate.objects.filter(organisation=OuterRef("organisation")))
    pending = Claim.objects.pending().filter(person=user).annotate(spoken_for=spoken_for)
    claims = list(pending.select_related("organisation"))
    made = {claim.organisation_id: claim for claim in claims if claim.made_organisation and not claim.spoken_for}
    _add_entries(cards, [*cards, *made], today)
    carded = set(RegisterEntry.objects.filter(organisation__in=made).values_list("organisation", flat=True))
    for key, claim in made.items():
        if key not in carded:
            cards.setdefault(key, OrganisationCard(claim.organisation)).claim = claim
    _add_applications(cards, user)
    for task in tasks_for(list(cards), today):
        cards[task.organisation_id].tasks.append(task)
    return Home(list(cards.values()), [claim for claim in claims if claim.organisation_id not in cards])


def _add_entries(cards: dict[int, OrganisationCard], keys: Iterable[int], today: date) -> None:
    rows = RegisterEntry.objects.filter(organisation__in=list(keys)).prefetch_related("services").order_by("pk")
    rules = known_rules()
    for entry in rows:
        card = cards.get(entry.organisation_id)
        if card is not None:
            card.entry = entry
            kinds = [service.service_type_id for service in entry.services.all()]
            card.age = age_of(entry, kinds, rules=rules, today=today)


def _add_applications(cards: dict[int, OrganisationCard], user: User) -> None:
    """Add what stands open and what is closed; of an organisation that is only claimed, the person's own alone."""
    claimed = [key for key, card in cards.items() if card.claim is not None]
    own = Application.objects.exclude(kind=ApplicationKind.INITIATIVE).filter(organisation__in=list(cards))
    own = own.exclude(~Q(created_by=user), organisation__in=claimed)
    opened = own.exclude(state__in=ApplicationState.closed).prefetch_related("corrections")
    closed = own.filter(state__in=ApplicationState.closed, submitted_at__isnull=False).select_related("decision")
    for application in opened.order_by("-saved_at"):
        cards[application.organisation_id].open.append(line_of(application))
    for application in closed.order_by("-closed_at")[:REMEMBERED]:
        cards[application.organisation_id].closed.append(line_of(application))


def line_of(application: Application) -> ApplicationLine:
    due_on = application.decision_due_on
    if application.state == ApplicationState.CORRECTION:
        asked = [one for one in application.corrections.all() if not (one.answered_at or one.lapsed_at)]
        due_on = asked[0].due_on if asked else None
    return ApplicationLine(
        application,
        str(KINDS[ApplicationKind(application.kind)]),
        COLOURS[ApplicationState(application.state)],
        next_step(application),
        due_on,
    )
