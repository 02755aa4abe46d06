"""Claims at the desk: who says to speak for which provider, by what proof; confirmed into a mandate or refused."""

from __future__ import annotations

from functools import partial
from typing import Any

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
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from portal.accounts.enums import ClaimState, Role
from portal.accounts.mandates import confirm_claim, refuse_claim
from portal.accounts.models import Claim, Mandate
from portal.accounts.rules import can_decide_claims
from portal.kernel.audit import PersonalDataRefused
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.desk import actor_for
from registry.interfaces.application_desk_forms import ClaimForm
from registry.models import Application, RegisterEntry
from registry.queries.applications import claims_for
from registry.viewsets.frame import DeskIndexMixin, desk_page
from registry.viewsets.log import MomentColumn
from registry.viewsets.menu import guarded_menu_item


class ClaimFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        choices=[*ClaimState.choices, ("all", gettext_lazy("all, decided ones too"))],
        method="filter_state",
        label=gettext_lazy("State"),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Show what waits, unless a state is asked for."""
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(state=ClaimState.PENDING)
        return super().filter_queryset(queryset)

    def filter_state(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return queryset if value == "all" else queryset.filter(state=value)


class ClaimIndexView(DeskIndexMixin, generic.IndexView):
    model = Claim
    page_title = gettext_lazy("Claims")
    header_icon = "user"
    index_url_name = "desk_claims:index"
    index_results_url_name = "desk_claims:index_results"
    any_permission_required = ("view",)
    filterset_class = ClaimFilterSet
    default_ordering = ("at", "pk")
    paginate_by = 30

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "organisation",
                label=gettext_lazy("Organisation"),
                accessor=lambda claim: claim.organisation.name,
                get_url=lambda claim: reverse("desk_claims:claim", args=[claim.pk]),
            ),
            Column("person", label=gettext_lazy("Who")),
            Column("scope", label=gettext_lazy("Wants to be"), accessor="get_scope_display"),
            MomentColumn("at", label=gettext_lazy("When"), sort_key="at"),
            Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
        ]

    def get_base_queryset(self) -> QuerySet[Claim]:
        return claims_for(self.request.user).select_related("organisation", "person")


@require_http_methods(["GET", "HEAD", "POST"])
def claim_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the claim with its proof; who answers for the territory confirms or refuses it with a ground."""
    claim = _visible_claim(request, pk)
    can_decide = claim.state == ClaimState.PENDING and can_decide_claims(request.user)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not can_decide:
            raise PermissionDenied
        if form.is_valid() and _settled(request, claim, form):
            return redirect("desk_claims:index")
    today = timezone.localdate()
    return desk_page(
        request,
        "desk/claim.html",
        title=str(claim.organisation),
        icon="user",
        crumbs=[(_("Claims"), reverse("desk_claims:index"))],
        claim=claim,
        form=form,
        can_decide=can_decide,
        reads_proof=can_decide_claims(request.user),
        entry=RegisterEntry.objects.visible_to(request.user).filter(organisation=claim.organisation).last(),  # type: ignore[arg-type]
        applications=Application.objects.visible_to(request.user).filter(organisation=claim.organisation)[:12],  # type: ignore[arg-type]
        mandates=Mandate.objects.active(today).filter(organisation=claim.organisation).select_related("person"),
    )


def _visible_claim(request: HttpRequest, pk: int) -> Claim:
    """Return the claim this official answers for or may read; to others it does not exist."""
    if not rules.can_view_claims(request.user):
        raise PermissionDenied
    rows = claims_for(request.user).select_related("organisation", "person", "evidence", "decided_by")  # type: ignore[arg-type]
    claim = rows.filter(pk=pk).first()
    if claim is None:
        raise Http404
    return claim


def _settled(request: HttpRequest, claim: Claim, form: ClaimForm) -> bool:
    """Confirm or refuse, as the button says, or put the reason why not into the form."""
    confirms = request.POST.get("answer") == "confirm"
    settle = partial(
        confirm_claim if confirms else refuse_claim,
        claim_id=claim.pk,
        by=request.user,  # type: ignore[arg-type]
        role=actor_for(request.user, Role.REGISTRAR).role,  # type: ignore[arg-type]
        ground=form.cleaned_data["ground"],
        now=timezone.now(),
    )
    try:
        settle()
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    except PersonalDataRefused:
        form.add_error("ground", _("There is a taxpayer number here. Take it out."))
        return False
    done = (
        _("The claim is confirmed: the person speaks for the organisation.") if confirms else _("The claim is refused.")
    )
    messages.success(request, done)
    return True


class ClaimViewSet(ViewSet):
    name = "desk_claims"
    url_prefix = "claims"
    icon = "user"
    menu_label = gettext_lazy("Claims")
    menu_name = "claims"
    menu_order = 105
    add_to_admin_menu = True
    menu_item_class = guarded_menu_item(rules.can_view_claims)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", ClaimIndexView.as_view(), name="index"),
            path("results/", ClaimIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", claim_page, name="claim"),
        ]

    @cached_property
    def menu_url(self) -> str:
        return reverse("desk_claims:index")
