"""Reports of mistakes on public cards: taken from anybody, answered by a registrar, and then forgotten in part."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from registry import mistake_letters, rules
from registry.domain.desk import actor_for
from registry.enums import ReportState
from registry.models import MistakeReport, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User

A_DAY: Final = timedelta(days=1)
# a household has one address of version 4, and a network of this size of version 6
_NETWORK: Final = {4: 32, 6: 64}


class TooManyReportsError(Exception):
    """Enough reports came from this network within a day; `limit` says how many that is."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


def sender_of(address: str) -> str:
    """Return the digest that stands for a network for one day; without the portal's secret it leads nowhere."""
    try:
        known = ip_address(address)
        network = str(ip_network((known, _NETWORK[known.version]), strict=False))
    except ValueError:
        network = address
    return salted_hmac("registry.mistakes.sender", network, algorithm="sha256").hexdigest()


@transaction.atomic
def report_mistake(*, entry_id: int, about: str, text: str, email: str, address: str, now: datetime) -> MistakeReport:
    """Take a report of a public card and tell the provider and the registrars of it.

    The same words from the same network within a day are one report: a double click reports once. Raises
    `TooManyReportsError`, and `RegisterEntry.DoesNotExist` for an entry without a public card.
    """
    entries = RegisterEntry.objects.open().select_for_update(of=("self",))
    entry = entries.select_related("organisation", "hromada").get(pk=entry_id)
    sender = sender_of(address)
    recent = MistakeReport.objects.filter(at__gt=now - A_DAY)
    told = recent.filter(entry=entry, sender=sender, about=about, text=text).first()
    if told is not None:
        return told
    if recent.filter(sender=sender).count() >= settings.MISTAKE_REPORTS_A_DAY:
        raise TooManyReportsError(settings.MISTAKE_REPORTS_A_DAY)
    # a flood from many networks fills the desk's list and nobody's letter box
    quiet = recent.filter(entry=entry).count() >= settings.MISTAKE_LETTERS_A_DAY
    report = MistakeReport.objects.create(entry=entry, about=about, text=text, email=email, at=now, sender=sender)
    if not quiet:
        mistake_letters.tell_of_report(report, now)
    return report


@transaction.atomic
def answer_report(*, report_id: int, user: User, confirmed: bool, text: str, now: datetime) -> MistakeReport:
    """Answer a report: what was done about it, or why it is not confirmed; then the reader's address is erased.

    Raises `PermissionDenied` for whoever may not change the card, `StepRefused` for an answered report.
    """
    reports = MistakeReport.objects.select_for_update(of=("self",)).select_related("entry__organisation")
    report = reports.get(pk=report_id)
    if not rules.can_edit_entry(user, report.entry):
        raise PermissionDenied
    if report.state != ReportState.NEW:
        raise StepRefused(_("This report is answered already."))
    if not text.strip():
        raise StepRefused(_("This step needs a comment."))
    report.state = ReportState.ANSWERED if confirmed else ReportState.REJECTED
    report.answer, report.answered_by, report.answered_at = text.strip(), user, now
    if report.email:
        mistake_letters.tell_answer(report)
    report.email = report.sender = ""
    report.save()
    audit.append(
        tag=f"registry:mistake:{report.state}",
        subject=f"registry.entry:{report.entry.number}",
        payload={"number": report.entry.number, "report": report.pk, "about": report.about},
        actor_role=actor_for(user, Role.REGISTRAR).role,
        at=now,
    )
    return report


def forget_senders(*, now: datetime) -> int:
    """Wipe the digests of networks older than a day; return how many there were. Safe to run as often as one likes."""
    old = MistakeReport.objects.filter(at__lte=now - A_DAY).exclude(sender="")
    return old.update(sender="")
