"""What a provider has to do lest its word grows old: confirm the card, renew documents, tell of free places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kernel.norms import DAY_FORMAT
from registry.enums import Freshness, ServiceStanding, Standing
from registry.interfaces.cabinet_tasks import SOURCES, CabinetTask
from registry.models import Availability, RegisterEntry, Service
from registry.queries.evidence import evidence_to_renew
from registry.queries.freshness import age_of, known_rules


def cards_to_confirm(organisation_ids: Sequence[int], today: date) -> list[CabinetTask]:
    """Name the cards whose day to be confirmed has come; the day of the task is when the next mark comes."""
    entries = RegisterEntry.objects.open().filter(organisation__in=organisation_ids, standing__in=Standing.active)
    rows = list(entries.order_by("pk"))
    kinds: dict[int, list[int]] = defaultdict(list)
    for entry, kind in Service.objects.filter(entry__in=rows).values_list("entry_id", "service_type_id"):
        kinds[entry].append(kind)
    tasks = []
    for entry in rows:
        age = age_of(entry, kinds[entry.pk], rules=known_rules(), today=today)
        if age.state != Freshness.FRESH:
            text = _("Confirm that the card № %(number)s is still right") % {"number": entry.number}
            url = reverse("registry:confirm_in_cabinet", args=[entry.number])
            tasks.append(CabinetTask(entry.organisation_id, text, url, age.next_on))
    return tasks


def documents_to_renew(organisation_ids: Sequence[int], today: date) -> list[CabinetTask]:
    """Name the documents that end soon or have ended, each with the criterion it confirms."""
    tasks = []
    for row in evidence_to_renew(organisation_ids, rules=known_rules(), today=today):
        ended = row.expires_on is not None and row.expires_on < today
        words = {
            "criterion": row.criterion.text,
            "day": date_format(row.expires_on, DAY_FORMAT) if row.expires_on else "",
        }
        text = (
            _("A document ended on %(day)s, so the service is suspended. Submit a new one: %(criterion)s") % words
            if ended
            else _("A document ends on %(day)s. Submit a new one: %(criterion)s") % words
        )
        tasks.append(CabinetTask(row.entry.organisation_id, text, _amend(), row.expires_on))
    return tasks


def _amend() -> str:
    """Return where an application to change data is begun: the first page of the cabinet has the button."""
    return reverse("cabinet")


def places_to_tell(organisation_ids: Sequence[int], today: date) -> list[CabinetTask]:
    """Ask again those whose word about free places has lapsed; who never said one is not asked."""
    rows = Availability.objects.filter(
        service__entry__organisation__in=organisation_ids,
        service__entry__standing__in=Standing.active,
        service__standing=ServiceStanding.INCLUDED,
        expires_on__lt=today,
    )
    organisations = rows.order_by("service__entry__organisation").values_list("service__entry__organisation", flat=True)
    text = _("Say how many places are free: your last word has lapsed")
    return [CabinetTask(key, text, reverse("registry:availability")) for key in organisations.distinct()]


SOURCES += [cards_to_confirm, documents_to_renew, places_to_tell]
