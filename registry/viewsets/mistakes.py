"""Reports of mistakes at the desk: what readers say is wrong in the own territory, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.mistakes import answer_report
from registry.enums import MistakePart, ReportState
from registry.interfaces.desk_mistake_forms import AnswerForm
from registry.models import MistakeReport, RegisterEntry
from registry.viewsets.frame import DeskIndexMixin, desk_page
from registry.viewsets.log import MomentColumn
from registry.viewsets.menu import guarded_menu_item

if TYPE_CHECKING:
    from portal.accounts.models import User


def reports_for(user: User) -> QuerySet[MistakeReport]:
    """Return the reports of cards that this official may read; nobody reads the reader's address."""
    entries = RegisterEntry.objects.visible_to(user)
    return MistakeReport.objects.filter(entry__in=entries).select_related("entry__organisation", "answered_by")


class MistakeFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(choices=ReportState.choices, label=gettext_lazy("State"))
    about = django_filters.ChoiceFilter(choices=MistakePart.choices, label=gettext_lazy("What is wrong"))

    class Meta:
        model = MistakeReport
        fields: list[str] = []


class MistakeIndexView(DeskIndexMixin, generic.IndexView):
    """The list opens with what nobody has answered; everything is one filter away."""

    model = MistakeReport
    page_title = gettext_lazy("Reports of mistakes")
    header_icon = "warning"
    index_url_name = "desk_mistakes:index"
    index_results_url_name = "desk_mistakes:index_results"
    any_permission_required = ("view",)
    filterset_class = MistakeFilterSet
    default_ordering = "-at"
    paginate_by = 30

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "provider",
                label=_("Provider"),
                accessor=lambda report: report.entry.organisation.name,
                get_url=lambda report: reverse("desk_mistakes:report", args=[report.pk]),
            ),
            Column("number", label=_("Number"), accessor="entry.number", classname="desk-nowrap"),
            Column("about", label=_("What is wrong"), accessor="get_about_display"),
            Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
            MomentColumn("at", label=_("When"), sort_key="at"),
        ]

    def get_base_queryset(self) -> QuerySet[MistakeReport]:
        return reports_for(self.request.user)


def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report and take the answer to it."""
    if not rules.can_view_entries(request.user):
        raise PermissionDenied
    report = reports_for(request.user).filter(pk=pk).first()  # type: ignore[arg-type]
    if report is None:
        raise Http404
    can_answer = report.state == ReportState.NEW and rules.can_edit_entry(request.user, report.entry)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, report, form):
        return redirect("desk_mistakes:report", pk)
    return desk_page(
        request,
        "desk/mistake.html",
        title=_("Report of a mistake"),
        icon="warning",
        crumbs=[(_("Reports of mistakes"), reverse("desk_mistakes:index"))],
        report=report,
        entry=report.entry,
        can_answer=can_answer,
        form=form,
    )


def _answered(request: HttpRequest, report: MistakeReport, form: AnswerForm) -> bool:
    try:
        answer_report(report_id=report.pk, user=request.user, now=timezone.now(), **form.answer())  # type: ignore[arg-type]
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    messages.success(request, _("The report is answered."))
    return True


class MistakeViewSet(ViewSet):
    name = "desk_mistakes"
    url_prefix = "mistakes"
    icon = "warning"
    menu_label = gettext_lazy("Reports of mistakes")
    menu_name = "mistakes"
    menu_order = 115
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_entries)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", MistakeIndexView.as_view(), name="index"),
            path("results/", MistakeIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", report_page, name="report"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return f"{reverse('desk_mistakes:index')}?state={ReportState.NEW}"
