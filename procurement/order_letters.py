"""Letters about decisions on the social order that are due or overdue."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.letters import Action, Letter, absolute, post
from portal.accounts.models import User
from portal.kernel.norms import DAY_FORMAT
from procurement.models import BudgetAct
from procurement.queries.orders_due import citation_of, due_of


def remind(key: str, act: BudgetAct, reader: User, today: date) -> None:
    """Say how much time is left or since when the decision is overdue, why on that day, and what to do."""
    with translation.override(settings.LANGUAGE_CODE):
        post(key, reader.email, _letter(act, today))


def _letter(act: BudgetAct, today: date) -> Letter:
    assert act.decision_due_on is not None
    left = (act.decision_due_on - today).days
    known = {"hromada": act.hromada.label, "day": date_format(act.decision_due_on, DAY_FORMAT)}
    return Letter(
        _overdue_subject(-left, known) if left < 0 else _due_subject(left, known),
        (
            _("By %(day)s %(hromada)s decides whether to order social services from providers.") % known,
            _("The portal shows everybody that no decision is published.")
            if left < 0
            else _("If there is no decision by then, the portal shows everybody that it is overdue."),
        ),
        Action(_("Enter the decision"), absolute(f"{reverse('commissioning:budgets')}?hromada={act.hromada.code}")),
        (_("A late decision is entered in the same way: it is accepted and marked as late."),),
        facts=(
            (_("Budget act"), _act_words(act)),
            (_("Decision due on"), known["day"]),
            (_("Ground"), citation_of(act)),
        ),
        points=due_of(act).explanation,
    )


def _act_words(act: BudgetAct) -> str:
    return _("%(kind)s budget of %(year)d, № %(number)s of %(day)s") % {
        "kind": act.get_kind_display(),
        "year": act.year,
        "number": act.number,
        "day": date_format(act.adopted_on, DAY_FORMAT),
    }


def _due_subject(left: int, known: dict[str, str]) -> str:
    if left == 0:
        return _("The decision on the social order is due today: %(hromada)s") % known
    text = ngettext(
        "%(count)d day to the decision on the social order: %(hromada)s",
        "%(count)d days to the decision on the social order: %(hromada)s",
        left,
    )
    return text % {**known, "count": left}


def _overdue_subject(days: int, known: dict[str, str]) -> str:
    text = ngettext(
        "The decision on the social order is overdue by %(count)d day: %(hromada)s",
        "The decision on the social order is overdue by %(count)d days: %(hromada)s",
        days,
    )
    return text % {**known, "count": days}
