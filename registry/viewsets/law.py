"""The law as data: acts, editions, rule profiles, deadline rules, calendars, with the mark of what nobody checked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup

from portal.kernel.models import Act, CalendarRegime, DeadlineRule, Edition, NonWorkingDay, RuleProfile
from registry import rules
from registry.domain.reference_edits import NORMS_TAG
from registry.viewsets.reference import LoggedMixin, ReferenceViewSet, UnverifiedColumn

CHECKED = UnverifiedColumn("verified", label=_("Checked"))


class NormCreateView(LoggedMixin, generic.CreateView):
    tag = NORMS_TAG


class NormEditView(LoggedMixin, generic.EditView):
    tag = NORMS_TAG


class NormViewSet(ReferenceViewSet):
    readers = staticmethod(rules.can_view_law)
    add_view_class = NormCreateView
    edit_view_class = NormEditView
    list_filter: ClassVar[Any] = ["verified"]


class ActViewSet(NormViewSet):
    model = Act
    name = "desk_acts"
    url_prefix = "law/acts"
    icon = "doc-full"
    list_display: ClassVar[Any] = ["number", "title", "issuer", "adopted_on", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "kind"]
    search_fields: ClassVar[Any] = ["code", "number", "title"]
    form_fields: ClassVar[Any] = [
        "code",
        "kind",
        "number",
        "adopted_on",
        "title",
        "issuer",
        "url",
        "verified",
        "note",
    ]


class EditionViewSet(NormViewSet):
    model = Edition
    name = "desk_editions"
    url_prefix = "law/editions"
    icon = "history"
    list_display: ClassVar[Any] = ["act", "in_force_from", "in_force_to", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "act"]
    form_fields: ClassVar[Any] = ["act", "in_force_from", "in_force_to", "verified", "note"]


class RuleProfileViewSet(NormViewSet):
    model = RuleProfile
    name = "desk_profiles"
    url_prefix = "law/profiles"
    icon = "folder-open-inverse"
    list_display: ClassVar[Any] = ["title", "procedure", "authority", "valid_from", "valid_to", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "procedure"]
    form_fields: ClassVar[Any] = [
        "procedure",
        "authority",
        "title",
        "title_en",
        "valid_from",
        "valid_to",
        "verified",
        "note",
    ]


def _term(rule: DeadlineRule) -> str:
    """Write the length or the date of a term, or say that it is not in the data."""
    if rule.month and rule.day:
        end = f" – {rule.end_day:02d}.{rule.end_month:02d}" if rule.end_month and rule.end_day else ""
        return f"{rule.day:02d}.{rule.month:02d}{end}"
    if rule.amount is None:
        return str(_("not set"))
    return f"{rule.amount} {rule.get_unit_display()}".strip()


class DeadlineRuleViewSet(NormViewSet):
    model = DeadlineRule
    name = "desk_rules"
    url_prefix = "law/rules"
    icon = "time"
    list_display: ClassVar[Any] = [
        "action",
        Column("anchor_label", label=_("Event")),
        Column("term", label=_("Term"), accessor=_term),
        Column("citation", label=_("Act and point")),
        "effective_from",
        CHECKED,
    ]
    list_filter: ClassVar[Any] = ["verified", "profile", "act", "mark"]
    search_fields: ClassVar[Any] = ["code", "action", "anchor", "point"]
    form_fields: ClassVar[Any] = [
        "profile",
        "code",
        "anchor",
        "anchor_en",
        "action",
        "action_en",
        "amount",
        "unit",
        "direction",
        "month",
        "day",
        "end_month",
        "end_day",
        "year_offset",
        "roll_forward",
        "act",
        "point",
        "effective_from",
        "effective_to",
        "mark",
        "verified",
        "note",
    ]


class CalendarRegimeViewSet(NormViewSet):
    model = CalendarRegime
    name = "desk_regimes"
    url_prefix = "law/regimes"
    icon = "calendar"
    list_display: ClassVar[Any] = ["kind", "valid_from", "valid_to", "ground", CHECKED]
    form_fields: ClassVar[Any] = ["kind", "valid_from", "valid_to", "ground", "verified", "note"]


class NonWorkingDayViewSet(NormViewSet):
    model = NonWorkingDay
    name = "desk_days"
    url_prefix = "law/days"
    icon = "calendar-alt"
    list_display: ClassVar[Any] = ["on", "kind", "ground", "regime"]
    list_filter: ClassVar[Any] = ["regime", "kind"]
    form_fields: ClassVar[Any] = ["regime", "on", "kind", "ground"]


class LawGroup(ViewSetGroup):
    menu_label = _("Law")
    menu_name = "law"
    menu_icon = "doc-full"
    menu_order = 310
    items = (
        DeadlineRuleViewSet,
        RuleProfileViewSet,
        ActViewSet,
        EditionViewSet,
        CalendarRegimeViewSet,
        NonWorkingDayViewSet,
    )
