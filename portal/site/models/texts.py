from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from portal.site.models.answering import KeptForAMinute, readability_panel
from portal.site.models.blocks import TextPartsBlock


class NewsIndexPage(KeptForAMinute, Page):
    """The list of news, `/news/`."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["portal_site.HomePage"]
    subpage_types = ["portal_site.NewsPage"]
    template = "portal/news.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.site.guides.lists import page_of_news  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), "page_of_news": page_of_news(self, request.GET)}


class NewsPage(KeptForAMinute, Page):
    date = models.DateField(_("date"), default=timezone.localdate)
    summary = models.CharField(_("in one sentence, for lists and the search"), max_length=250)
    body = StreamField(TextPartsBlock(), verbose_name=_("parts of the page"), blank=True)
    on_front_page = models.BooleanField(_("shown on the front page"), default=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("date"),
        readability_panel(),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("on_front_page"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]
    parent_page_types = ["portal_site.NewsIndexPage"]
    subpage_types: list[str] = []
    template = "portal/news_item.html"

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.site.guides.pictures import show_pictures  # noqa: PLC0415

        show_pictures([self.body])
        return super().get_context(request, *args, **kwargs)


class TextPage(KeptForAMinute, Page):
    """A page of plain text: what the portal is, how to use it."""

    summary = models.CharField(_("in one sentence, for lists and the search"), max_length=250, blank=True)
    body = StreamField(TextPartsBlock(), verbose_name=_("parts of the page"), blank=True)
    in_footer = models.BooleanField(_("linked below every page"), default=True)

    content_panels = [
        *Page.content_panels,
        readability_panel(),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("in_footer"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]
    parent_page_types = ["portal_site.HomePage", "portal_site.TextPage"]
    template = "portal/text.html"

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.site.guides.pictures import show_pictures  # noqa: PLC0415

        show_pictures([self.body])
        return super().get_context(request, *args, **kwargs)
