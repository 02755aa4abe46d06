from typing import Any, Final

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from portal.site.models.answering import KeptForAMinute, readability_panel
from portal.site.models.blocks import GuidePartsBlock, SourceBlock
from registry.models import ServiceType, VulnerableGroup
from registry.views.caching import keep_for_a_minute

HISTORY: Final = "history"


class GuideIndexPage(KeptForAMinute, Page):
    """The list of life situations, `/help/`."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["portal_site.HomePage"]
    subpage_types = ["portal_site.GuidePage"]
    template = "portal/guides.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of life situations")
        verbose_name_plural = _("lists of life situations")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.site.guides.lists import guides_of  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), "guides": guides_of(self.locale.language_code)}


class GuidePage(KeptForAMinute, Page):
    """A life situation: what to do first, who helps near the reader, what it costs, which rights there are."""

    summary = models.CharField(_("in one sentence, for lists and the search"), max_length=160)
    intro = models.TextField(_("introduction, two to four short sentences"), blank=True)
    body = StreamField(GuidePartsBlock(), verbose_name=_("parts of the page"), blank=True)
    quick_exit = models.BooleanField(
        _("button to leave the page quickly"),
        default=False,
        help_text=_("For pages whose reader may be watched, as with violence at home."),
    )
    checked_on = models.DateField(_("checked against the law on"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("place in lists"), default=100)
    on_front_page = models.BooleanField(_("shown on the front page"), default=True)
    services = ParentalManyToManyField(ServiceType, blank=True, related_name="+", verbose_name=_("services"))
    groups = ParentalManyToManyField(VulnerableGroup, blank=True, related_name="+", verbose_name=_("for whom"))
    sources = StreamField([("source", SourceBlock(label=_("Source")))], verbose_name=_("sources"), blank=True)

    content_panels = [
        *Page.content_panels,
        readability_panel(),
        FieldPanel("summary"),
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("quick_exit"),
        FieldPanel("checked_on"),
        FieldPanel("sources"),
        MultiFieldPanel([FieldPanel("order"), FieldPanel("on_front_page")], heading=_("Place in lists")),
        FieldPanel("services", widget=forms.CheckboxSelectMultiple),
        FieldPanel("groups", widget=forms.CheckboxSelectMultiple),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("intro")]
    parent_page_types = ["portal_site.GuideIndexPage"]
    subpage_types: list[str] = []
    template = "portal/guide.html"

    class Meta:
        verbose_name = _("life situation")
        verbose_name_plural = _("life situations")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Answer at the page's own address, and at `history/` below it."""
        if path_components == [HISTORY] and self.live:
            return RouteResult(self, kwargs={"part": HISTORY})
        result: RouteResult = super().route(request, path_components)
        return result

    def serve(self, request: HttpRequest, *args: Any, part: str = "", **kwargs: Any) -> HttpResponse:
        from portal.site.guides.answers import guide_answer, history_answer  # noqa: PLC0415

        if part == HISTORY:
            return keep_for_a_minute(request, history_answer(request, self))
        return guide_answer(request, self) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.site.guides.answers import guide_context  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **guide_context(request, self)}
