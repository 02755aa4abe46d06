"""The hub of an evaluation: every stage with what is done and what blocks, and the buttons that end a stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.evaluation import rounds
from procurement.interfaces.evaluation_tasks import EvaluationTasks
from procurement.models import Competition
from procurement.queries.rounds import last_round
from procurement.views.commissioning.access import (
    commissioning_page,
    opened_or_moved,
    page,
    signed_in,
)
from procurement.views.commissioning.running import METHODS

BEGIN: Final = "begin"
_STEPS: Final[dict[str, tuple[Callable[..., object], Any]]] = {
    "check": (rounds.begin_admission, gettext_lazy("Proposals are checked now.")),
    "score": (rounds.begin_scoring, gettext_lazy("The members score now, each alone.")),
    "discuss": (rounds.begin_discussion, gettext_lazy("The scoring is over. The commission discusses the scores.")),
}


def evaluated_or_404(request: HttpRequest, pk: int) -> Competition:
    """Return an opened competition of the official; to a member who is recused it does not exist."""
    found = opened_or_moved(request, pk)
    if not rules.can_run_competition(request.user, found) or rules.is_kept_away(request.user, found):
        raise Http404
    return found


@commissioning_page
@require_http_methods(METHODS)
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the stages; a button ends one of them, or says why it does not."""
    found = evaluated_or_404(request, pk)
    member = rules.membership(request.user, found)
    if member is not None and not rules.has_declared(member, found):
        return page(request, "commissioning/evaluation/declare.html", found.hromada, competition=found)
    reason = ""
    if request.method == "POST":
        try:
            said = _take(request, found)
        except StepRefused as refusal:
            reason = str(refusal.reason)
        else:
            messages.success(request, said)
            return redirect("commissioning:evaluation", pk)
    tasks = EvaluationTasks(found, last_round(found), day_of(clock.moment()))
    context = {"competition": found, "round": tasks.round, "tasks": tasks, "stages": list(tasks), "reason": reason}
    return page(request, "commissioning/evaluation/hub.html", found.hromada, status=422 if reason else 200, **context)


def _take(request: HttpRequest, found: Competition) -> str:
    """Take the step that the button names; raises `StepRefused`."""
    name, user, now = request.POST.get("step", ""), signed_in(request), clock.moment()
    if name == BEGIN:
        rounds.begin_round(competition_id=found.pk, user=user, now=now)
        return _("The evaluation has begun. The members declare their interests now.")
    held = last_round(found)
    if name not in _STEPS or held is None:
        raise Http404
    act, said = _STEPS[name]
    act(round_id=held.pk, user=user, now=now)
    return str(said)
