"""The decision log at the desk: read, filtered, checked; there is no way to change it."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any, Final

import django_filters
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from portal.accounts.enums import Role
from portal.kernel import audit
from portal.kernel.calendar import closes_at
from portal.kernel.models import LogEntry, LogHead
from registry import rules
from registry.interfaces.desk_fields import DayField
from registry.interfaces.desk_history import role_label
from registry.viewsets.frame import DeskIndexMixin, desk_page, requires
from registry.viewsets.menu import guarded_menu_item

# some two seconds of work; a longer log is walked by the command
VERIFY_LIMIT: Final = 200_000


class DayFilter(django_filters.Filter):
    field_class = DayField


class LogFilterSet(WagtailFilterSet):
    tag = django_filters.CharFilter(lookup_expr="startswith", label=gettext_lazy("Act, from its beginning"))
    subject = django_filters.CharFilter(lookup_expr="contains", label=gettext_lazy("Subject"))
    actor_role = django_filters.ChoiceFilter(choices=Role.choices, label=gettext_lazy("Role"))
    since = DayFilter(method="filter_since", label=gettext_lazy("From"))
    until = DayFilter(method="filter_until", label=gettext_lazy("To"))

    class Meta:
        model = LogEntry
        fields: list[str] = []

    def filter_since(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(at__gte=closes_at(value - timedelta(days=1)))

    def filter_until(self, queryset: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(at__lt=closes_at(value))


class MomentColumn(Column):
    cell_template_name = "desk/cells/moment.html"


def ground_of(entry: LogEntry) -> str:
    return str(json.loads(entry.payload).get("ground", ""))


class LogIndexView(DeskIndexMixin, generic.IndexView):
    model = LogEntry
    page_title = gettext_lazy("Decision log")
    verbose_name, verbose_name_plural = gettext_lazy("log entry"), gettext_lazy("log entries")
    header_icon = "list-ol"
    index_url_name = "desk_log:index"
    index_results_url_name = "desk_log:index_results"
    any_permission_required = ("view",)
    filterset_class = LogFilterSet
    default_ordering = "-seq"
    paginate_by = 50

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "seq",
                label=_("Number"),
                accessor=lambda entry: str(entry.seq),
                get_url=lambda entry: reverse("desk_log:entry", args=[entry.seq]),
                sort_key="seq",
            ),
            MomentColumn("at", label=_("When")),
            Column("actor_role", label=_("Role"), accessor=lambda entry: role_label(entry.actor_role)),
            Column("tag", label=_("Act")),
            Column("subject", label=_("Subject")),
            Column("ground", label=_("Ground"), accessor=ground_of),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Verify the chain"), url=reverse("desk_log:verify"), icon_name="check")]


@require_safe
@requires(rules.can_view_log)
def log_entry(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one entry with its content and digests."""
    entry = LogEntry.objects.filter(seq=seq).first()
    if entry is None:
        raise Http404
    ends = LogEntry.objects.aggregate(first=Min("seq"), last=Max("seq"))
    return desk_page(
        request,
        "desk/log_entry.html",
        title=f"№ {seq}",
        icon="list-ol",
        crumbs=[(_("Decision log"), reverse("desk_log:index"))],
        entry=entry,
        role=role_label(entry.actor_role),
        content=json.dumps(json.loads(entry.payload), ensure_ascii=False, indent=2, sort_keys=True),
        number=entry.subject.removeprefix("registry.entry:") if entry.subject.startswith("registry.entry:") else "",
        earlier=seq - 1 if seq > ends["first"] else None,
        later=seq + 1 if seq < ends["last"] else None,
    )


@requires(rules.can_view_log)
def verify_page(request: HttpRequest) -> HttpResponse:
    """Tell how long the log is; a POST walks it, if that is a matter of seconds."""
    head = LogHead.objects.filter(pk=1).first() or LogHead()
    too_long = head.seq > VERIFY_LIMIT
    result: dict[str, Any] = {}
    if request.method == "POST" and not too_long:
        walked = [0]
        started = time.perf_counter()
        broken = audit.verify(lambda count: walked.append(walked.pop() + count))
        result = {"done": True, "broken": broken, "walked": walked[0], "seconds": time.perf_counter() - started}
    return desk_page(
        request,
        "desk/log_verify.html",
        title=_("Verify the chain"),
        icon="check",
        crumbs=[(_("Decision log"), reverse("desk_log:index"))],
        head=head,
        too_long=too_long,
        limit=VERIFY_LIMIT,
        **result,
    )


class LogViewSet(ViewSet):
    name = "desk_log"
    url_prefix = "log"
    icon = "list-ol"
    menu_label = gettext_lazy("Decision log")
    menu_name = "decision-log"
    menu_order = 400
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_log)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", LogIndexView.as_view(), name="index"),
            path("results/", LogIndexView.as_view(results_only=True), name="index_results"),
            path("verify/", verify_page, name="verify"),
            path("<int:seq>/", log_entry, name="entry"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse("desk_log:index")
