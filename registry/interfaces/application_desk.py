"""An application as those who examine it read it: the checklist, the steps so far, the mandate, what else there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import ClaimState
from portal.accounts.models import Claim, Mandate
from portal.kernel.models import StoredDocument
from registry.domain.contents import Content, is_private, keys_of
from registry.domain.drafts import criteria_of
from registry.domain.examination import ChangedField
from registry.interfaces.application_words import STEP_LABELS, Reader
from registry.interfaces.citations import Cited, cite_rows
from registry.interfaces.desk_history import role_label
from registry.models import Application, ApplicationStep, CorrectionRequest, Criterion, CriterionCheck
from registry.queries.content_words import ContentWords
from registry.queries.documents import stored_documents

WAITING_LABELS: Final = {
    "take": gettext_lazy("to be taken up"),
    "check": gettext_lazy("examined by me"),
    "corrected": gettext_lazy("corrected by the provider"),
    "decide": gettext_lazy("to be decided"),
    "overdue": gettext_lazy("overdue"),
}


@dataclass(slots=True)
class CriterionRow:
    """One criterion of a service: what the provider says, with what document, and what the registrar judged."""

    criterion: Criterion
    cited: Cited
    statement: str = ""
    document: StoredDocument | None = None
    expires_on: date | None = None
    check: CriterionCheck | None = None

    @property
    def lacks_document(self) -> bool:
        return self.criterion.evidence_required and self.document is None


@dataclass(slots=True)
class ServiceChecks:
    """The criteria of one service; `key` is its key in the content."""

    key: str
    title: str
    rows: list[CriterionRow] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return sum(row.check is not None for row in self.rows)

    @property
    def is_done(self) -> bool:
        return self.judged == len(self.rows)

    @property
    def not_met(self) -> int:
        return sum(row.check is not None and row.check.result == "not_met" for row in self.rows)


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step of the procedure as a reader meets it."""

    label: str
    step: ApplicationStep
    who: str


@dataclass(frozen=True, slots=True)
class Standing:
    """By what right the submitter speaks for the provider: a mandate in force, a claim that waits, or nothing."""

    mandate: Mandate | None = None
    claim: Claim | None = None


def checklist_of(application: Application) -> list[ServiceChecks]:
    """Return the criteria of every service with their evidence and judgments, in queries that do not grow."""
    content = application.content
    criteria = criteria_of(application)
    cited = cite_rows({one.pk: one for group in criteria.values() for one in group}.values())
    checks = {(check.service_key, check.criterion_id): check for check in application.checks.all()}
    files = stored_documents(value for path, value in content.items() if path.endswith("/document"))
    reader = Reader(content)
    found = []
    for key in keys_of(content, "services"):
        block = ServiceChecks(key, reader.title("services", key))
        for criterion in criteria.get(key, ()):
            start = f"criteria/{key}/{criterion.slug}"
            block.rows.append(
                CriterionRow(
                    criterion,
                    cited[criterion.pk],
                    str(content.get(f"{start}/statement") or ""),
                    files.get(str(content.get(f"{start}/document") or "")),
                    _day(content.get(f"{start}/expires_on")),
                    checks.get((key, criterion.pk)),
                )
            )
        found.append(block)
    return found


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class CorrectedField:
    """A field that was to be corrected: what stood there, what stands there now."""

    label: str
    old: str
    new: str


def corrected_fields(application: Application, request: CorrectionRequest, *, opened: bool) -> list[CorrectedField]:
    """Return the fields asked for with their values before and now; private ones only when they were opened."""
    content, before = application.content, request.before
    words = ContentWords(before, {**dict.fromkeys(request.fields), **content})
    private = "" if opened else _("not for the public")

    def told(path: str, values: Content) -> str:
        if private and path in values and (is_private(path, content) or is_private(path, before)):
            return private
        return words.value(path, values[path]) if path in values else ""

    return [CorrectedField(words.line(path), told(path, before), told(path, content)) for path in request.fields]


def shown_changes(changes: Iterable[ChangedField], *, opened: bool) -> list[ChangedField]:
    """Return the changes with the values that the public does not read only where they were opened on purpose."""
    words = _("not for the public")
    return [replace(one, old=words, new=words) if one.private and not opened else one for one in changes]


def steps_taken(application: Application) -> list[TakenStep]:
    """Return the steps so far, the newest first, each with the person, or the role where a command acted."""
    rows = application.steps.select_related("by").order_by("-at", "-pk")
    return [
        TakenStep(str(STEP_LABELS.get(row.step, row.step)), row, str(row.by) if row.by else role_label(row.actor_role))
        for row in rows
    ]


def standing_of(application: Application, on: date) -> Standing:
    """Return the submitter's mandate on the day, or the claim that is all there is of it."""
    if application.submitted_by_id is None:
        return Standing()
    same = {"person": application.submitted_by_id, "organisation": application.organisation_id}
    mandate = Mandate.objects.active(on).filter(**same).first()
    claim = None if mandate else Claim.objects.filter(**same, state=ClaimState.PENDING).first()
    return Standing(mandate, claim)
