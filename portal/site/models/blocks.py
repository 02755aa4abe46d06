"""The parts an editor puts a page together from; some are live and show the register as it stands near the reader."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from registry.queries.register import vocabulary

RICH_TEXT: Final = ("h2", "h3", "bold", "ul", "ol", "link", "document-link")


def service_choices() -> list[tuple[str, str]]:
    """Return the services of the catalogue by their slugs, for a block's list of ticks."""
    return [(kind.slug, kind.name) for kind in vocabulary().services.values()]


def group_choices() -> list[tuple[str, str]]:
    return [(group.slug, group.name) for group in vocabulary().groups.values()]


def _services() -> blocks.MultipleChoiceBlock:
    return blocks.MultipleChoiceBlock(choices=service_choices, required=False, widget=_ticks(), label=_("services"))


def _groups() -> blocks.MultipleChoiceBlock:
    return blocks.MultipleChoiceBlock(choices=group_choices, required=False, widget=_ticks(), label=_("for whom"))


def _ticks() -> Any:
    from django.forms import CheckboxSelectMultiple  # noqa: PLC0415

    return CheckboxSelectMultiple


def _title(*, required: bool = False) -> blocks.CharBlock:
    return blocks.CharBlock(max_length=120, required=required, label=_("heading"))


def _words(*, required: bool = False) -> blocks.TextBlock:
    return blocks.TextBlock(required=required, rows=3, label=_("text"))


class LiveValue(blocks.StructValue):
    """The value of a live block; `live` is what the register says, put there before the page is drawn."""

    live: Any = None


class StepBlock(blocks.StructBlock):
    title = _title(required=True)
    text = _words()


class StepsBlock(blocks.StructBlock):
    title = _title()
    steps = blocks.ListBlock(StepBlock(), label=_("steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "portal/blocks/steps.html"


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        choices=[("danger", _("danger")), ("important", _("important")), ("calm", _("good to know"))],
        default="important",
        label=_("how urgent"),
    )
    title = _title()
    text = _words(required=True)

    class Meta:
        icon = "warning"
        label = _("Something to know first")
        template = "portal/blocks/callout.html"


class PhoneBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=120, label=_("who answers"))
    phone = blocks.CharBlock(max_length=30, label=_("number as people read it"))
    hours = blocks.CharBlock(max_length=120, required=False, label=_("hours"))
    note = blocks.CharBlock(max_length=250, required=False, label=_("note"))


class PhonesBlock(blocks.StructBlock):
    title = _title()
    lines = blocks.ListBlock(PhoneBlock(), label=_("numbers"))

    class Meta:
        icon = "mobile-alt"
        label = _("Phones")
        template = "portal/blocks/phones.html"


class WhoHelpsBlock(blocks.StructBlock):
    title = _title()
    text = _words()
    services = _services()
    groups = _groups()
    urgent = blocks.BooleanBlock(required=False, label=_("only help that is given urgently"))

    class Meta:
        icon = "group"
        label = _("Who helps near the reader (live)")
        template = "portal/blocks/who_helps.html"
        value_class = LiveValue


class CostsBlock(blocks.StructBlock):
    title = _title()
    text = _words()
    services = _services()

    class Meta:
        icon = "tag"
        label = _("What it costs (live)")
        template = "portal/blocks/costs.html"
        value_class = LiveValue


class CompetitionsBlock(blocks.StructBlock):
    title = _title()
    services = _services()

    class Meta:
        icon = "tasks"
        label = _("Open competitions (live)")
        template = "portal/blocks/competitions.html"
        value_class = LiveValue


class FiguresBlock(blocks.StructBlock):
    title = _title()
    services = _services()
    groups = _groups()

    class Meta:
        icon = "table"
        label = _("Figures (live)")
        template = "portal/blocks/figures.html"
        value_class = LiveValue


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200, label=_("question"))
    answer = blocks.TextBlock(rows=3, label=_("answer"))


class QuestionsBlock(blocks.StructBlock):
    title = _title()
    questions = blocks.ListBlock(QuestionBlock(), label=_("questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "portal/blocks/questions.html"


class RightBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=2, label=_("right, in plain words"))
    clause = blocks.CharBlock(max_length=120, required=False, label=_("clause of the law"))


class RightsBlock(blocks.StructBlock):
    title = _title()
    rights = blocks.ListBlock(RightBlock(), label=_("rights"))

    class Meta:
        icon = "check"
        label = _("Rights")
        template = "portal/blocks/rights.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("picture"))
    described = blocks.CharBlock(max_length=250, label=_("what is in the picture, for who cannot see it"))
    caption = blocks.CharBlock(max_length=250, required=False, label=_("caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "portal/blocks/picture.html"
        value_class = LiveValue


class DocumentsBlock(blocks.StructBlock):
    title = _title()
    documents = blocks.ListBlock(DocumentChooserBlock(), label=_("documents"))

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        template = "portal/blocks/documents.html"


class TextPartsBlock(blocks.StreamBlock):
    """What news and pages of text are made of."""

    text = blocks.RichTextBlock(
        features=list(RICH_TEXT),
        label=pgettext_lazy("part of a page", "Text"),
        icon="pilcrow",
        template="portal/blocks/text.html",
    )
    callout = CalloutBlock()
    picture = PictureBlock()
    documents = DocumentsBlock()


class GuidePartsBlock(TextPartsBlock):
    """What a guide is made of: text, steps, phones, and live parts."""

    steps = StepsBlock()
    phones = PhonesBlock()
    questions = QuestionsBlock()
    rights = RightsBlock()
    who_helps = WhoHelpsBlock()
    costs = CostsBlock()
    competitions = CompetitionsBlock()
    figures = FiguresBlock()


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=250, label=_("document"))
    url = blocks.URLBlock(required=False, label=_("address"))
    note = blocks.CharBlock(max_length=300, required=False, label=_("note"))
