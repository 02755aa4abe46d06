"""What am I entitled to: a questionnaire without an account, whose answers are computed with and forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.kernel.same_origin import open_form
from registry.domain.entitlement.income import per_member
from registry.domain.entitlement.judging import judge_services
from registry.interfaces.entitlement_form import EntitlementForm
from registry.interfaces.entitlement_page import parts_of, told_answers
from registry.models import ServiceType
from registry.queries.entitlement import RuleBook, rules_on
from registry.queries.register import vocabulary
from registry.queries.territory import is_code


# answers come by POST alone, so that no address, history or log of a server holds what somebody earns
@open_form
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def entitlement(request: HttpRequest) -> HttpResponse:
    """Ask, and answer what each service costs; `?service=`, `?group=` and `?place=` fill in what a link knows."""
    today = timezone.localdate()
    services = sorted(vocabulary().services.values(), key=lambda kind: (kind.order, kind.slug))
    if request.method != "POST":
        return _ask(request, _empty_form(request, services, today), 200)
    book = rules_on(_day(request.POST.get("day", "")) or today)
    form = EntitlementForm(request.POST, services=services, book=book, today=today)
    if "change" in request.POST:
        return _ask(request, form, 200)
    if not form.is_valid():
        return _ask(request, form, 422)
    return _answer(request, form, services, book)


def _empty_form(request: HttpRequest, services: list[ServiceType], today: date) -> EntitlementForm:
    initial: dict[str, Any] = {
        "service": request.GET.get("service", ""),
        "groups": request.GET.getlist("group"),
        "urgent": "",
        "disability": "",
        "capacity": "",
        "provider": "",
        "day": today,
    }
    return EntitlementForm(services=services, book=rules_on(today), today=today, initial=initial)


def _ask(request: HttpRequest, form: EntitlementForm, status: int) -> HttpResponse:
    context = {"form": form, "place": _place(request), "is_refused": status != 200}  # noqa: PLR2004 the code of the protocol
    return render(request, "registry/entitlement.html", context, status=status)


def _answer(request: HttpRequest, form: EntitlementForm, services: list[ServiceType], book: RuleBook) -> HttpResponse:
    answers, wanted = form.answers(), form.cleaned_data["service"]
    chosen = [kind for kind in services if wanted in ("", kind.slug)]
    share = per_member(answers)
    context = {
        "parts": parts_of(judge_services(chosen, answers, book)),
        "told": told_answers(form, answers),
        "sent": form.sent(),
        "day": answers.day,
        "per_member": share,
        "is_rounded": share is not None and share * (answers.family or 1) != answers.income,
        "place": _place(request),
    }
    return render(request, "registry/entitlement_answer.html", context)


def _place(request: HttpRequest) -> str:
    code = (request.POST if request.method == "POST" else request.GET).get("place", "")
    return code if is_code(code) else ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
