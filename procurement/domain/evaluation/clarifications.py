"""One clarification of named fields, until a moment; the decision on admission waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import audit, clock, norms
from portal.kernel.calendar import UnknownDay, closes_at
from portal.kernel.documents import refuse_flood, store
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.freezing import rules_of
from procurement.domain.evaluation.admission import checker_of, lock_admission
from procurement.domain.evaluation.contents import answered_clarification, content_of
from procurement.domain.evaluation.steps import move, policy_of, require_state
from procurement.domain.forms.definition import Field, Form
from procurement.domain.forms.proposal_forms import Reading, read_value
from procurement.domain.proposals.drafts import announcement_of, form_and_facts
from procurement.domain.proposals.steps import BIDDER
from procurement.domain.wording import optional_text, required_text
from procurement.enums import ClarificationState, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Admission, Clarification, ClarificationFile, Competition, Proposal
from procurement.timetable import term_words
from procurement.workflow import ADMISSION, CLARIFICATION
from registry.domain.providers import CLOCK, Actor

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User

TERM: Final = "clarification-answer"
FILE_KIND: Final = "clarification"
LONGEST: Final = 4000


@transaction.atomic
def ask(
    *, admission_id: int, user: User, fields: Sequence[str], text: str, due_at: datetime | None, now: datetime
) -> Clarification:
    """Ask once for named fields of the form.

    The term `clarification-answer` of the frozen profile sets the end; where it has no amount the official names
    `due_at`, in the future, and the reason says that no term is set.
    """
    admission = lock_admission(admission_id)
    competition = admission.round.competition
    actor = checker_of(competition, user)
    require_state(admission.round, RoundState.ADMISSION)
    ADMISSION.step("ask", state=admission.state)
    _require_may_ask(admission)
    named = _named(admission.proposal, fields)
    told = required_text(text, empty=_("Write what is to be clarified."), longest=LONGEST)
    ends, words = _end_of(competition, due_at, now)
    asked = Clarification.objects.create(
        admission=admission,
        fields=named,
        text=told,
        asked_at=now,
        asked_by=user,
        due_at=ends,
        due_words=words,
    )
    digest = _digest(asked, fields=named, text=told)
    asked.log_seq = _move_admission(asked, "ask", actor, now, {"digest": digest, "due_at": ends.isoformat()})
    asked.save(update_fields=["log_seq"])
    note_evaluation(competition=competition, about=asked, step="ask", now=now)
    return asked


@transaction.atomic
def answer(
    *,
    clarification_id: int,
    user: User,
    values: Mapping[str, Any],
    files: Mapping[str, File[bytes]],
    note: str,
    now: datetime,
) -> Clarification:
    """Answer as who may sign for the applicant, before the end (the portal's clock, row held).

    Named fields only, read by the form's own kinds. Raises `StepRefused`, `ValueRefused`, `DocumentRefused`.
    A named field that is not among the values stays as it was; an empty value takes what was there away.
    """
    asked = _lock(clarification_id)
    proposal, competition = asked.admission.proposal, asked.admission.round.competition
    if not rules.can_submit_proposal(user, proposal):
        raise PermissionDenied
    require_state(asked.admission.round, RoundState.ADMISSION)
    CLARIFICATION.step("answer", state=asked.state)
    if clock.moment() >= asked.due_at:
        raise StepRefused(_("The time for the answer is over."))
    _take_answer(asked, values, files, note, user, now)
    actor = Actor(user, BIDDER)
    move(
        asked,
        "answer",
        flow=CLARIFICATION,
        actor=actor,
        now=now,
        competition=competition,
        payload={"digest": _digest(asked, answers=asked.answers, note=asked.note)},
        fields=["answers", "note", "answered_at", "answered_by"],
    )
    _move_admission(asked, "answer", actor, now, {})
    note_evaluation(competition=competition, about=asked, step="answer", now=now)
    return asked


def lapse_overdue(*, now: datetime) -> int:
    """Let every unanswered clarification whose end has come lapse; safe to run twice. Return how many.

    In a round that is over nothing goes on.
    """
    over = Clarification.objects.filter(
        state=ClarificationState.ASKED, due_at__lte=now, admission__round__state=RoundState.ADMISSION
    ).order_by("due_at", "pk")
    return sum(_lapse(key, now) for key in list(over.values_list("pk", flat=True)))


# --- what is asked ---------------------------------------------------------------------------------------------------


def clarifiable_paths(form: Form, reading: Reading) -> dict[str, tuple[Field, str]]:
    """Return what may be named, path to field and row: answers that the form asks for, cells of the rows there are.

    Tables to which rows may be added are named too; never what is calculated, nor the choice of lots.
    """
    found: dict[str, tuple[Field, str]] = {}
    for one in form.fields():
        if not reading.applies(one) or one.kind == "calculated" or "/" not in one.path:
            continue
        if one.kind != "table" or not one.of_lots:
            found[one.path] = one, ""
        for row in reading.rows(one) if one.kind == "table" else ():
            cells = [column for column in one.columns if column.kind != "calculated"]
            found |= {one.cell(row, column.name): (column, row) for column in cells}
    return found


def find_named(form: Form, fields: Sequence[str], path: str) -> tuple[Field, str] | None:
    """Return the field and row that a path of an answer belongs to, if the request names it or its table."""
    table = path.rpartition("/")[0].rpartition("/")[0]
    return form.find(path) if path in fields or table in fields else None


def reading_of(proposal: Proposal) -> Reading:
    """Return the content of an opened proposal as it stands now, read by the form of its announcement."""
    form, facts = form_and_facts(announcement_of(proposal))
    return Reading(form, content_of(proposal).get("content") or {}, facts)


def _require_may_ask(admission: Admission) -> None:
    if not policy_of(admission.round.competition)["takes_clarifications"]:
        raise StepRefused(_("The rules of this competition know no clarifications."))
    if admission.proposal.content is None:
        raise StepRefused(_("The proposal did not open, so there is nothing to clarify."))
    is_asked = Clarification.objects.filter(admission=admission).exists()
    if is_asked or answered_clarification(admission.proposal) is not None:
        raise StepRefused(_("A clarification is asked for once."))


def _named(proposal: Proposal, fields: Sequence[str]) -> list[str]:
    reading = reading_of(proposal)
    known = clarifiable_paths(reading.form, reading)
    if not fields:
        raise StepRefused(_("Name at least one field that is to be clarified."))
    if any(path not in known for path in fields):
        raise StepRefused(_("There is no such field in this proposal."))
    # in the order of the form, each once
    return [path for path in known if path in set(fields)]


def _end_of(competition: Competition, due_at: datetime | None, now: datetime) -> tuple[datetime, str]:
    """Return the moment from which it is too late, and why, in the language of the papers."""
    frozen = rules_of(competition)
    term = frozen.term(TERM)
    with translation.override(settings.LANGUAGE_CODE):
        if term is not None:
            try:
                due = norms.due(term, now, frozen.calendar)
            except UnknownDay:
                due = norms.Due()
            if due.on is not None:
                return due.at or closes_at(due.on), term_words(term)
            words = _("The calendar of working days does not reach so far; the moment was named by the commissioner.")
        else:
            words = _("The term is not set in the reference table; the moment was named by the commissioner.")
    if due_at is None:
        raise StepRefused(_("No term is set for the answer: name the moment until which it is awaited."))
    if due_at <= now:
        raise StepRefused(_("The moment until which the answer is awaited lies in the future."))
    return due_at, words


# --- what is answered ------------------------------------------------------------------------------------------------


def _lock(clarification_id: int) -> Clarification:
    """Return the request with its admission, round, competition, proposal, held until the transaction ends."""
    admission_id = Clarification.objects.values_list("admission_id", flat=True).get(pk=clarification_id)
    admission = lock_admission(admission_id)
    asked = Clarification.objects.select_for_update(of=("self",)).get(pk=clarification_id)
    asked.admission = admission
    return asked


def _take_answer(
    asked: Clarification,
    values: Mapping[str, Any],
    files: Mapping[str, File[bytes]],
    note: str,
    user: User,
    now: datetime,
) -> None:
    """Put the answer into the request, what differs from what stood there and nothing else; raises `StepRefused`."""
    proposal = asked.admission.proposal
    before = content_of(proposal).get("content") or {}
    after = {**_read(proposal, asked, values), **_store(proposal, asked, files, user, now)}
    asked.answers = {
        path: {"before": before.get(path), "after": value} for path, value in after.items() if value != before.get(path)
    }
    asked.note, asked.answered_at, asked.answered_by = optional_text(note, longest=LONGEST), now, user
    if not asked.answers and not asked.note:
        raise StepRefused(_("Change at least one of the fields, or explain in words why they stay."))


def _read(proposal: Proposal, asked: Clarification, values: Mapping[str, Any]) -> dict[str, Any]:
    form, _facts = form_and_facts(announcement_of(proposal))
    told: dict[str, Any] = {}
    for path, value in values.items():
        found = find_named(form, asked.fields, path)
        if found is None or found[0].kind == "document":
            raise StepRefused(_("Only the fields that were named may be changed."))
        told[path] = read_value(found[0], value)
    return told


def _store(
    proposal: Proposal, asked: Clarification, files: Mapping[str, File[bytes]], user: User, now: datetime
) -> dict[str, str]:
    form, _facts = form_and_facts(announcement_of(proposal))
    told: dict[str, str] = {}
    for path, file in files.items():
        found = find_named(form, asked.fields, path)
        if found is None or found[0].kind != "document":
            raise StepRefused(_("Only the fields that were named may be changed."))
        refuse_flood(user, now)
        subject = f"procurement.clarification:{asked.pk}"
        document = store(file, kind=FILE_KIND, subject=subject, by=user, at=now)
        ClarificationFile.objects.create(clarification=asked, path=path, document=document)
        told[path] = str(document.pk)
    return told


@transaction.atomic
def _lapse(clarification_id: int, now: datetime) -> bool:
    asked = _lock(clarification_id)
    is_stage = asked.admission.round.state == RoundState.ADMISSION
    if not is_stage or asked.state != ClarificationState.ASKED or now < asked.due_at:
        return False
    competition = asked.admission.round.competition
    move(asked, "lapse", flow=CLARIFICATION, actor=CLOCK, now=now, competition=competition)
    _move_admission(asked, "lapse", CLOCK, now, {})
    note_evaluation(competition=competition, about=asked, step="lapse", now=now)
    return True


def _move_admission(asked: Clarification, step: str, actor: Actor, now: datetime, payload: Mapping[str, Any]) -> int:
    competition = asked.admission.round.competition
    return move(asked.admission, step, flow=ADMISSION, actor=actor, now=now, competition=competition, payload=payload)


def _digest(asked: Clarification, **content: Any) -> str:
    """Return what the log keeps of a text: salted by the key of the proposal, which nobody outside knows."""
    return audit.digest_of({"proposal": str(asked.admission.proposal_id), **content})
