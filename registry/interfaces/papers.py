"""Papers of an application: the receipt and the decision, as a page shows them and as PDF, in the language in force.

Nothing private stands in them: no РНОКПП, no confidential address, no contact, no person but the two officials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.kernel.models import VerificationCode
from portal.kernel.models.reference import in_language
from portal.kernel.norms import DAY_FORMAT, MOMENT_FORMAT
from portal.kernel.pdf import render_pdf
from registry.domain.contents import keys_of
from registry.enums import ApplicationKind, CheckResult, Outcome
from registry.interfaces.application_words import Reader
from registry.interfaces.citations import Cited, cite_kept
from registry.interfaces.desk_history import role_label
from registry.interfaces.press import print_once
from registry.models import Application, RegisterDecision

Line = tuple[str, str]
# a list of services that fits the receipt's single page
SHOWN_SERVICES: Final = 12


@dataclass(frozen=True, slots=True)
class DecidedService:
    """A service of a decision: whether it stands in the register by it, and how its criteria were judged."""

    name: str
    included: bool
    criteria: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """What a decision says, for its page and its PDF."""

    title: str
    outcome: str
    facts: list[Line]
    grounds: list[Cited]
    reason: str
    services: list[DecidedService]
    shows_inclusion: bool


def read_decision(decision: RegisterDecision) -> DecisionPaper:
    """Return what the decision said on its day, from its snapshot."""
    said = decision.snapshot
    outcome = Outcome(said.get("outcome", decision.outcome))
    return DecisionPaper(
        _("Decision № %(number)s") % {"number": decision.number},
        capfirst(str(outcome.label)),
        _facts_of(decision, said),
        cite_kept(said.get("grounds", ())),
        str(said.get("reason", "")),
        [_service(row) for row in said.get("services", ())],
        outcome in (Outcome.INCLUDE, Outcome.INCLUDE_SOME),
    )


def _facts_of(decision: RegisterDecision, said: Mapping[str, Any]) -> list[Line]:
    organisation = said.get("organisation", {})
    about = f"№ {said['application']} ({ApplicationKind(said['kind']).label})" if said.get("application") else ""
    pairs = [
        (_("Date"), date_format(timezone.localtime(decision.decided_at), MOMENT_FORMAT)),
        (_("Provider"), organisation.get("name", "")),
        (_("EDRPOU"), organisation.get("edrpou", "")),
        (_("Number in the register"), organisation.get("entry", "")),
        (_("Territory"), said.get("hromada", "")),
        (_("Application"), ", ".join(filter(None, (about, _day(said.get("submitted_on")))))),
        (_("Suspended until"), _day(said.get("suspend_until"))),
        (_("Supersedes the decision"), f"№ {said['supersedes']}" if said.get("supersedes") else ""),
        (_("Proposed by"), _official(said.get("proposed_by", {}))),
        (_("Decided by"), _official(said.get("decided_by", {}))),
        (_("Entry of the decision log"), f"№ {decision.log_seq}" if decision.log_seq else ""),
    ]
    return [(name, str(value)) for name, value in pairs if value]


def _service(row: Mapping[str, Any]) -> DecidedService:
    name = in_language(str(row.get("name_uk", "")), str(row.get("name_en", "")))
    own = row.get("title", "")
    criteria = [
        (
            in_language(str(one.get("text_uk", "")), str(one.get("text_en", ""))),
            str(CheckResult(one["result"]).label),
            str(one["result"]),
        )
        for one in row.get("criteria", ())
    ]
    return DecidedService(f"{name} ({own})" if own else name, bool(row.get("included")), criteria)


def _official(said: Mapping[str, str]) -> str:
    role = role_label(said.get("role", ""))
    return ", ".join(filter(None, (said.get("name", ""), role)))


def _day(text: Any) -> str:
    return date_format(date.fromisoformat(text), DAY_FORMAT) if text else ""


def decision_pdf(decision: RegisterDecision) -> bytes:
    """Print the decision; the same decision prints the same, but for what took its place since."""
    code = decision.code
    if code is None:
        raise ValueError(f"decision {decision.number} has no code to be printed with")
    successor = RegisterDecision.objects.filter(supersedes=decision).first()
    name = "-".join(filter(None, (code.code, get_language(), "superseded" if successor else "")))
    return print_once(name, lambda: _print_decision(decision, code, successor))


def _print_decision(decision: RegisterDecision, code: VerificationCode, successor: RegisterDecision | None) -> bytes:
    paper = read_decision(decision)
    context = {
        "kind": _("Decision of the register of providers and recipients of social services"),
        "paper": paper,
        "successor": successor,
        "digest": code.document_digest,
        "digest_of": _("Digest of what this decision says (SHA-256):"),
    }
    return render_pdf("registry/pdf/decision.html", context, title=paper.title, code=code.code)


def receipt_pdf(application: Application) -> bytes:
    """Print the receipt of a submitted application."""
    receipt, submitted_at = application.receipt, application.submitted_at
    if receipt is None or submitted_at is None:
        raise ValueError(f"application {application.pk} is not submitted")
    content = application.content
    reader = Reader(content)
    services = [reader.title("services", key) for key in keys_of(content, "services")]
    context = {
        "kind": _("Receipt"),
        "facts": _receipt_facts(application, submitted_at),
        "services": services[:SHOWN_SERVICES],
        "further": max(len(services) - SHOWN_SERVICES, 0),
        "counts": [] if application.kind == ApplicationKind.EXCLUSION else _counts(application),
        "due_on": application.decision_due_on,
        "digest": application.digest,
        "digest_of": _("Digest of everything that was submitted (SHA-256):"),
    }
    title = _("Application № %(number)s is received") % {"number": application.number}
    return render_pdf("registry/pdf/receipt.html", context, title=title, code=receipt.code)


def _receipt_facts(application: Application, submitted_at: datetime) -> list[Line]:
    organisation = application.organisation
    is_person = organisation.person_type == PersonType.NATURAL_PERSON
    pairs = [
        (_("Number"), application.number),
        (_("Received"), date_format(timezone.localtime(submitted_at), MOMENT_FORMAT)),
        (_("Kind"), capfirst(application.get_kind_display())),
        (_("Provider"), "" if is_person else organisation.name),
        (_("EDRPOU"), organisation.code),
        (_("Number in the register"), application.entry.number if application.entry else ""),
        (_("Examined for"), application.hromada.label if application.hromada else ""),
    ]
    return [(name, str(value)) for name, value in pairs if value]


def _counts(application: Application) -> list[str]:
    """Say how much was submitted, without saying what."""
    content = application.content
    sites, contacts = len(keys_of(content, "sites")), len(keys_of(content, "contacts"))
    files = len({value for path, value in content.items() if path.endswith("/document") and value})
    return [
        ngettext("%(count)d address", "%(count)d addresses", sites) % {"count": sites},
        ngettext("%(count)d contact", "%(count)d contacts", contacts) % {"count": contacts},
        ngettext("%(count)d attached file", "%(count)d attached files", files) % {"count": files},
    ]
