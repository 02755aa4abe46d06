"""Defences of admitted proposals, where the rules have them: who comes when, and how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import defences as defending
from procurement.enums import DefenceState, RoundState
from procurement.interfaces.admission_desk import DefenceLine, defence_lines
from procurement.interfaces.admission_forms import RecordForm, ScheduleForm
from procurement.interfaces.call_timetable import as_input
from procurement.models import EvaluationRound
from procurement.views.commissioning.access import commissioning_page, page, signed_in
from procurement.views.commissioning.admission import round_or_404
from procurement.views.commissioning.running import METHODS

STAGES = (RoundState.ADMISSION, RoundState.SCORING)


@commissioning_page
@require_safe
def defences(request: HttpRequest, pk: int) -> HttpResponse:
    held = _round(request, pk)
    context: dict[str, Any] = {
        "competition": held.competition,
        "lines": defence_lines(held),
        "is_now": held.state in STAGES,
    }
    return page(request, "commissioning/admission/defences.html", held.competition.hromada, **context)


@commissioning_page
@require_http_methods(METHODS)
def defence(request: HttpRequest, pk: int, proposal: UUID) -> HttpResponse:
    """Appoint or move a defence; after its moment, write down how it went."""
    held = _round(request, pk)
    line = next((one for one in defence_lines(held) if one.proposal.pk == proposal), None)
    if line is None:
        raise Http404
    known = line.defence
    is_open = held.state in STAGES and (known is None or known.state == DefenceState.SCHEDULED)
    is_past = known is not None and known.at <= timezone.now()
    data = request.POST if request.method == "POST" and is_open else None
    is_record = is_past and "schedule" not in request.POST
    initial = {"at": as_input(known.at), "place": known.place} if known else {}
    schedule = ScheduleForm(None if is_record else data, initial=initial)
    record = RecordForm(data if is_record else None)
    if data is not None and _taken(request, held, line, record if is_record else schedule):
        return redirect("commissioning:defences", pk)
    context = {"line": line, "schedule": schedule, "record": record, "is_open": is_open, "is_past": is_past}
    status = 422 if data is not None else 200
    context["form"] = record if is_record else schedule
    template = "commissioning/admission/defence.html"
    return page(request, template, held.competition.hromada, status=status, competition=held.competition, **context)


def _taken(request: HttpRequest, held: EvaluationRound, line: DefenceLine, form: ScheduleForm | RecordForm) -> bool:
    """Take the step that the form is of; a refusal stands beside the fields."""
    if not form.is_valid():
        return False
    told, user, now = form.cleaned_data, signed_in(request), timezone.now()
    try:
        if isinstance(form, RecordForm):
            assert line.defence is not None
            is_held = told["held"] == "yes"
            defending.record(defence_id=line.defence.pk, held=is_held, note=told["note"], user=user, now=now)
        else:
            key = str(line.proposal.pk)
            defending.schedule(
                round_id=held.pk, proposal_id=key, at=told["at"], place=told["place"], user=user, now=now
            )
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, _("Saved."))
    return True


def _round(request: HttpRequest, pk: int) -> EvaluationRound:
    """Return the round; where the rules have no defences, there is no such page."""
    held = round_or_404(request, pk)
    if not defending.has_defence(held):
        raise Http404
    return held
