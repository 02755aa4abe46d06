from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from portal.kernel.languages import reader_language


class HomePage(Page):
    """The front page of one language: one question, in the visitor's words, and where to go next."""

    question = models.CharField(_("question"), max_length=120)
    hint = models.CharField(_("hint under the question"), max_length=250, blank=True)
    about = RichTextField(_("what the portal is"), blank=True, features=["bold", "link", "ul"])

    content_panels = [*Page.content_panels, FieldPanel("question"), FieldPanel("hint"), FieldPanel("about")]
    parent_page_types = ["wagtailcore.Page"]
    template = "portal/home.html"
    max_count_per_parent = 4

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def serve(self, request, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN201 Wagtail's signature
        from registry.views.caching import keep_for_a_minute  # noqa: PLC0415

        return keep_for_a_minute(request, super().serve(request, *args, **kwargs))

    def get_context(self, request, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN201 Wagtail's signature
        from portal.site.home import home_context  # noqa: PLC0415

        return {**super().get_context(request, *args, **kwargs), **home_context(reader_language())}
