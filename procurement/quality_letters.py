"""Letters about quality evaluations: published, replied to, due this year; written in the transaction of the step."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute, post
from portal.accounts.models import Organisation, User
from portal.kernel.norms import DAY_FORMAT, Due
from procurement.models import QualityEvaluation, QualityReply


def published(evaluation: QualityEvaluation, reader: User) -> None:
    """Tell the provider's person what was published about it, and that a reply stands beside it."""
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("A quality evaluation is published: %(provider)s") % {"provider": evaluation.organisation.name},
            (
                _("A working group has evaluated how you give social services. Everybody may read the evaluation."),
                _("Your reply stands beside it; nothing of the evaluation itself is changed by it."),
            ),
            Action(_("Reply to the evaluation"), absolute(reverse("quality:reply", args=[evaluation.pk]))),
            facts=((_("Period"), _period(evaluation)), (_("Total"), f"{evaluation.total} %")),
        )
        post(f"procurement:quality-published:{evaluation.pk}:{reader.pk}", reader.email, letter)


def replied(reply: QualityReply, reader: User) -> None:
    """Tell an official of the hromada that the provider has replied."""
    evaluation = reply.evaluation
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("A reply to a quality evaluation: %(provider)s") % {"provider": evaluation.organisation.name},
            (_("The provider has replied to the evaluation. The reply is published beside it."),),
            Action(_("Read the reply"), absolute(reverse("procurement:quality_evaluation", args=[evaluation.pk]))),
            facts=((_("Period"), _period(evaluation)),),
        )
        post(f"procurement:quality-replied:{reply.pk}:{reader.pk}", reader.email, letter)


def yearly(key: str, organisation: Organisation, year: int, due: Due, reader: User, today: date) -> None:
    """Remind the provider's person of the internal evaluation of a year, or say that its day has passed."""
    assert due.on is not None
    with translation.override(settings.LANGUAGE_CODE):
        day = date_format(due.on, DAY_FORMAT)
        known = {"year": year, "provider": organisation.name, "day": day}
        is_over = due.on < today
        subject = (
            _("The internal quality evaluation of %(year)d is overdue: %(provider)s") % known
            if is_over
            else (_("The internal quality evaluation of %(year)d is due by %(day)s: %(provider)s") % known)
        )
        letter = Letter(
            subject,
            (_("A provider evaluates the quality of its services itself and publishes the evaluation."),),
            Action(_("Begin an internal evaluation"), absolute(f"{reverse('quality:new')}?kind=internal")),
            facts=((_("Due by"), day),),
            points=due.explanation,
        )
        post(key, reader.email, letter)


def _period(evaluation: QualityEvaluation) -> str:
    days = {"first": evaluation.period_from, "last": evaluation.period_to}
    return _("from %(first)s to %(last)s") % {name: date_format(day, DAY_FORMAT) for name, day in days.items()}
