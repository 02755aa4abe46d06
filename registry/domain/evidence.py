"""Documents that confirm criteria for a time: told before they end, and what follows when they have ended.

A criterion is met as long as its confirmation holds, so the day after the last one the service is suspended; whoever
puts an accepted document in its place gets it back. Suspensions with a last day end here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.norms import DAY_FORMAT
from registry import freshness_letters
from registry.domain.bookkeeping import lock_entry, next_revision, tell_entries_changed
from registry.domain.history import entry_change
from registry.domain.providers import CLOCK, Actor
from registry.domain.standing import restore_entry
from registry.enums import ChangeAct, ServiceStanding, Standing
from registry.models import EntryChange, Evidence, Ground, RegisterEntry, Service
from registry.queries.evidence import evidence_ending
from registry.queries.freshness import read_rules

ENDED: Final = "suspend-evidence"
RESTORED: Final = "restore-eliminated"
LONGEST_GROUND: Final = 500


@dataclass(frozen=True, slots=True)
class ServiceStep:
    """What becomes of one service, on which ground, and by which act."""

    service: Service
    standing: ServiceStanding
    ground: str
    clause: str = ""
    until: date | None = None

    @property
    def act(self) -> ChangeAct:
        return ChangeAct.SUSPENDED if self.standing == ServiceStanding.SUSPENDED else ChangeAct.RESTORED


def tell_of_ending(*, now: datetime) -> int:
    """Write, once for each document, to the provider that it ends soon; return how many documents were told of."""
    today = timezone.localdate(now)
    ending = evidence_ending().filter(noticed_at__isnull=True)
    rules, told = read_rules(), 0
    ending = ending.filter(expires_on__gte=today, expires_on__lte=today + timedelta(days=rules.longest_notice))
    for entry_id in list(ending.order_by("entry_id").values_list("entry_id", flat=True).distinct()):
        with transaction.atomic():
            entry = lock_entry(entry_id)
            rows = list(ending.filter(entry=entry).select_for_update(of=("self",)))
            kinds = _kinds(entry)
            due = [
                row
                for row in rows
                if row.expires_on
                and row.expires_on - timedelta(days=rules.evidence_notice(kinds.get(row.service_id, kinds[None])))
                <= today
            ]
            if due:
                Evidence.objects.filter(pk__in=[row.pk for row in due]).update(noticed_at=now)
                freshness_letters.evidence_ends(entry, due, now=now)
            told += len(due)
    return told


def _kinds(entry: RegisterEntry) -> dict[int | None, list[int]]:
    """Return the types of the entry's services by service, and of all of them together."""
    pairs = list(Service.objects.filter(entry=entry).values_list("pk", "service_type_id"))
    return {**{pk: [kind] for pk, kind in pairs}, None: [kind for _pk, kind in pairs]}


def lapse_evidence(*, now: datetime) -> int:
    """Suspend the services whose confirmation ended before today; return how many services were."""
    today, suspended = timezone.localdate(now), 0
    ended = evidence_ending().filter(expires_on__lt=today, lapsed_at__isnull=True)
    for entry_id in list(ended.order_by("entry_id").values_list("entry_id", flat=True).distinct()):
        with transaction.atomic():
            suspended += _lapse(lock_entry(entry_id), ended, now)
    return suspended


def _lapse(entry: RegisterEntry, ended: QuerySet[Evidence], now: datetime) -> int:
    rows = list(ended.filter(entry=entry).select_for_update(of=("self",)).order_by("expires_on", "pk"))
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(lapsed_at=now)
    steps: dict[int, ServiceStep] = {}
    for row in rows:
        for service in _services_of(entry, row):
            if service.standing == ServiceStanding.INCLUDED:
                steps.setdefault(service.pk, _suspension(service, row))
    record_services(entry, list(steps.values()), actor=CLOCK, now=now)
    if steps:
        freshness_letters.services_suspended(entry, [step.service for step in steps.values()], now=now)
    return len(steps)


def _services_of(entry: RegisterEntry, row: Evidence) -> Iterable[Service]:
    """Return the services that the document confirmed: its own, or all where it is about the provider."""
    services = Service.objects.filter(entry=entry).select_related("service_type").select_for_update(of=("self",))
    return services.filter(pk=row.service_id) if row.service_id else services


def _suspension(service: Service, row: Evidence) -> ServiceStep:
    words, clause = ground_of(ENDED, _("A document that confirmed a criterion has ended."))
    last = date_format(row.expires_on, DAY_FORMAT) if row.expires_on else ""
    about = _("It held until %(day)s and confirmed: %(criterion)s") % {"day": last, "criterion": row.criterion.text_uk}
    return ServiceStep(service, ServiceStanding.SUSPENDED, _cut(f"{words} {about}"), clause)


def ground_of(slug: str, otherwise: str) -> tuple[str, str]:
    """Return the text of a ground and the act that names it; other words where the table has no such row."""
    row = Ground.objects.filter(slug=slug).first()
    return (row.text_uk, row.act) if row else (otherwise, "")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_GROUND else f"{text[: LONGEST_GROUND - 1].rpartition(' ')[0]}…"


def restore_services(*, entry_id: int, actor: Actor = CLOCK, now: datetime) -> int:
    """Give back the services of the entry whose confirmation is whole again; return how many.

    Only those that ended documents suspended: a suspension by decision ends by decision, or on its day.
    """
    with transaction.atomic():
        entry = lock_entry(entry_id)
        suspended = list(
            Service.objects.filter(entry=entry, standing=ServiceStanding.SUSPENDED)
            .select_related("service_type")
            .select_for_update(of=("self",))
        )
        by_clock = _suspended_by_clock(entry, suspended)
        lacking = _lacking(entry)
        words, clause = ground_of(RESTORED, _("What was the ground of the suspension is gone."))
        steps = [
            ServiceStep(service, ServiceStanding.INCLUDED, words, clause)
            for service in suspended
            if service.pk in by_clock and not lacking & {None, service.pk}
        ]
        record_services(entry, steps, actor=actor, now=now)
        return len(steps)


def restore_confirmed(*, now: datetime) -> int:
    """Give back everywhere what is confirmed again; return how many services."""
    lapsed = Evidence.objects.filter(entry=OuterRef("entry"), lapsed_at__isnull=False)
    open_ones = lapsed.filter(replaced_at__isnull=True).filter(Q(service__isnull=True) | Q(service=OuterRef("pk")))
    waiting = Service.objects.filter(
        Exists(lapsed), ~Exists(open_ones), standing=ServiceStanding.SUSPENDED, entry__standing__in=Standing.active
    )
    entries = list(waiting.order_by("entry_id").values_list("entry_id", flat=True).distinct())
    return sum(restore_services(entry_id=entry_id, now=now) for entry_id in entries)


def _suspended_by_clock(entry: RegisterEntry, services: Sequence[Service]) -> set[int]:
    """Return which of these services were last suspended by the clock; the history says so."""
    refs = [str(service.pk) for service in services]
    lines = EntryChange.objects.filter(entry=entry, obj="service", field="standing", ref__in=refs).order_by("pk")
    last = dict(lines.values_list("ref", "actor_role"))
    return {int(ref) for ref, role in last.items() if role == CLOCK.role}


def _lacking(entry: RegisterEntry) -> set[int | None]:
    """Return the services that lack a confirmation that has ended; None stands for all of them."""
    rows = Evidence.objects.filter(entry=entry, lapsed_at__isnull=False, replaced_at__isnull=True)
    return set(rows.values_list("service_id", flat=True))


def end_suspensions(*, now: datetime) -> int:
    """Restore entries and services whose suspension had a last day, after that day; return how many."""
    today = timezone.localdate(now)
    over = {"suspended_until__lt": today}
    entries = RegisterEntry.objects.filter(standing=Standing.SUSPENDED, **over).order_by("pk")
    ended = 0
    for key, until in list(entries.values_list("pk", "suspended_until")):
        restore_entry(entry_id=key, actor=CLOCK, ground=_over(until), now=now)
        ended += 1
    services = Service.objects.filter(standing=ServiceStanding.SUSPENDED, **over)
    for key in list(services.order_by("entry_id").values_list("entry_id", flat=True).distinct()):
        with transaction.atomic():
            ended += _end_of_services(lock_entry(key), services, now)
    return ended


def _end_of_services(entry: RegisterEntry, over: QuerySet[Service], now: datetime) -> int:
    """Restore what may be given again; what lacks a document by now stays suspended, on that ground."""
    lacking = _lacking(entry)
    steps = []
    for service in over.filter(entry=entry).select_related("service_type").select_for_update(of=("self",)):
        if lacking & {None, service.pk}:
            words, clause = ground_of(ENDED, _("A document that confirmed a criterion has ended."))
            steps.append(ServiceStep(service, ServiceStanding.SUSPENDED, words, clause))
        else:
            steps.append(ServiceStep(service, ServiceStanding.INCLUDED, _over(service.suspended_until)))
    record_services(entry, steps, actor=CLOCK, now=now)
    return len(steps)


def _over(until: date | None) -> str:
    return _("The suspension was until %(day)s.") % {"day": date_format(until, DAY_FORMAT) if until else ""}


# --- the one way in which a service comes to another standing ------------------------------------------------------


def record_services(entry: RegisterEntry, steps: Sequence[ServiceStep], *, actor: Actor, now: datetime) -> None:
    """Write the steps of services of one locked entry in the caller's transaction: rows, history, log, revision."""
    if not steps:
        return
    revision = next_revision()
    sequence = audit.append_many([_line(entry, step) for step in steps], actor_role=actor.role, at=now)
    lines: list[EntryChange] = []
    for step, seq in zip(steps, sequence, strict=True):
        lines += _history(entry, step, actor, now, revision, seq)
        step.service.standing, step.service.suspended_until = step.standing, step.until
        step.service.standing_ground = step.ground if step.standing == ServiceStanding.SUSPENDED else ""
        step.service.save(update_fields=["standing", "suspended_until", "standing_ground"])
    EntryChange.objects.bulk_create(lines)
    entry.revision = revision
    entry.version += 1
    entry.save(update_fields=["revision", "version"])
    tell_entries_changed([entry.pk], revision)


def _line(entry: RegisterEntry, step: ServiceStep) -> audit.Entry:
    return audit.Entry(
        tag=f"registry:service:{step.act.value}",
        subject=f"registry.entry:{entry.number}",
        payload={
            "number": entry.number,
            "service": step.service.service_type.slug,
            "ground": step.ground,
            "until": step.until.isoformat() if step.until else None,
        },
        clause=step.clause,
    )


def _history(
    entry: RegisterEntry, step: ServiceStep, actor: Actor, now: datetime, revision: int, seq: int
) -> Iterable[EntryChange]:
    service = step.service
    values = {
        "standing": (service.standing, step.standing.value),
        "suspended_until": (
            service.suspended_until.isoformat() if service.suspended_until else None,
            step.until.isoformat() if step.until else None,
        ),
    }
    for name, (old, new) in values.items():
        if old != new or name == "standing":
            yield entry_change(
                entry,
                step.act,
                field=name,
                old=old,
                new=new,
                revision=revision,
                by=actor.user,
                role=actor.role,
                ground=step.ground,
                now=now,
                seq=seq,
                obj="service",
                ref=str(service.pk),
            )
