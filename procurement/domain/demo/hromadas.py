"""Hromadas of the demonstration: needs, refusals, programme, budget acts and decisions, and rules of their own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from portal.accounts.models import Organisation
from portal.kernel.calendar import KYIV, day_of
from portal.kernel.models import Act, DeadlineRule, RuleProfile
from procurement.domain import commissioners
from procurement.domain.demo.material import texts
from procurement.domain.planning import budgets, needs, orders, programmes, refusals
from procurement.domain.planning.budgets import BudgetFacts
from procurement.enums import CountedOver
from procurement.models import BudgetAct, Commissioner, LackRefusal, NeedsAssessment, OrderDecision, Programme
from registry.domain.demo.identity import edrpou_of
from registry.models import ServiceType, Territory, VulnerableGroup

if TYPE_CHECKING:
    from portal.accounts.models import User

# far behind every invented provider
_FIRST_CODE: Final = 999_000
# by which the acts of invented local rules are known
ACT_PREFIX: Final = "demo-"
_RULES_FROM: Final = date(2020, 1, 1)


def write_hromada(row: dict[str, Any], number: int, *, user: User, now: datetime) -> Commissioner:
    """Write all that one hromada of the demonstration has before its competitions."""
    hromada = Territory.objects.get(code=row["code"])
    if row.get("profile"):
        for procedure in ("social-order", "social-project"):
            _write_rules(row["profile"], hromada.code, procedure)
    about = dict(row["commissioner"])
    body = commissioners.enter_commissioner(
        user=user,
        hromada_id=hromada.pk,
        code=edrpou_of(_FIRST_CODE + number),
        name=about.pop("name"),
        contacts=about,
        now=now,
    )
    Organisation.objects.filter(pk=body.organisation_id).update(is_demo=True)
    teller = _Teller(hromada, user, now)
    if row.get("needs"):
        teller.needs(row["needs"])
    teller.refusals(row.get("refusals") or ())
    programme = teller.programme(row.get("programme"))
    for act in row.get("budget") or ():
        teller.budget(act, programme)
    return body


def _write_rules(profile: dict[str, Any], authority: str, procedure: str) -> None:
    """Put invented local rules beside the national ones; their act says what they are."""
    act, _created = Act.objects.get_or_create(
        code=profile["act"]["code"], defaults={**profile["act"], "kind": "local_decision"}
    )
    made, _created = RuleProfile.objects.get_or_create(
        procedure=procedure,
        authority=authority,
        valid_from=_RULES_FROM,
        defaults={"title": profile["title"], "title_en": profile["title_en"], "note": profile["title"]},
    )
    national = DeadlineRule.objects.filter(profile__procedure=procedure, profile__authority="")
    for rule in national.filter(code__in=(*profile["terms"], *profile["unset"])):
        amount, unit, point = profile["terms"].get(rule.code, (None, "", ""))
        DeadlineRule.objects.get_or_create(
            profile=made,
            code=rule.code,
            effective_from=_RULES_FROM,
            defaults={
                **{name: getattr(rule, name) for name in ("anchor", "anchor_en", "action", "action_en", "direction")},
                "amount": amount,
                "unit": unit,
                "act": act if amount else rule.act,
                "point": point,
                "mark": "unconfirmed",
                "note": profile["title"],
            },
        )


class _Teller:
    """Writes what one hromada has, dated by the day on which the demonstration is made."""

    def __init__(self, hromada: Territory, user: User, now: datetime) -> None:
        self.hromada, self.user, self.now = hromada, user, now
        self.today = day_of(now)

    def needs(self, told: dict[str, Any]) -> None:
        year = self.today.year
        draft = needs.start_assessment(hromada_id=self.hromada.pk, user=self.user, as_of=date(year, 1, 1), now=self.now)
        about = {name: told[name] for name in ("respondents", "method", "findings")}
        study = {"study_from": date(year, 2, 2), "study_to": date(year, 3, 20)} if self.today.month > 3 else {}  # noqa: PLR2004 March
        needs.describe_assessment(assessment_id=draft.pk, user=self.user, values={**about, **study}, now=self.now)
        for row in told["figures"]:
            group = VulnerableGroup.objects.get(slug=row["group"])
            values = {"group": group, "persons": row["persons"], "counted": CountedOver.ON_DAY}
            needs.put_figure(assessment_id=draft.pk, user=self.user, values=values)
        for slug, need, receive in told["services"]:
            values = {"service_type": ServiceType.objects.get(slug=slug), "need": need, "receive": receive}
            needs.put_service(assessment_id=draft.pk, user=self.user, values=values)
        needs.publish_assessment(assessment_id=draft.pk, user=self.user, now=self.now)
        NeedsAssessment.objects.filter(pk=draft.pk).update(is_demo=True)

    def refusals(self, rows: Any) -> None:
        for slug, group, number in rows:
            for step in range(number):
                refusals.enter_refusal(
                    hromada_id=self.hromada.pk,
                    user=self.user,
                    service_type=ServiceType.objects.get(slug=slug),
                    group=VulnerableGroup.objects.get(slug=group),
                    refused_on=self.today - timedelta(days=7 * step + 2),
                    now=self.now,
                )
        LackRefusal.objects.filter(hromada=self.hromada, entered_by=self.user).update(is_demo=True)

    def programme(self, told: dict[str, Any] | None) -> Programme | None:
        if not told:
            return None
        year = self.today.year
        about = {
            "title": told["title"],
            "year_from": year,
            "year_to": year + 2,
            "act_number": "41-15/VIII",
            "act_on": date(year - 1, 12, 10),
        }
        made = programmes.put_programme(hromada_id=self.hromada.pk, user=self.user, values=about, now=self.now)
        for text, slug, amount in told["measures"]:
            values = {
                "text": text,
                "service_type": ServiceType.objects.get(slug=slug),
                "year": year,
                "amount": Decimal(amount),
            }
            programmes.put_measure(programme_id=made.pk, user=self.user, values=values, now=self.now)
        Programme.objects.filter(pk=made.pk).update(is_demo=True)
        return made

    def budget(self, told: dict[str, Any], programme: Programme | None) -> None:
        on = self._day(told)
        act = budgets.enter_budget_act(
            hromada_id=self.hromada.pk,
            user=self.user,
            facts=BudgetFacts(told["kind"], self.today.year + told["year"], on, told["number"]),
            now=self._noon(on + timedelta(days=1)),
        )
        BudgetAct.objects.filter(pk=act.pk).update(is_demo=True)
        if told.get("decision"):
            self._decide(act, told["decision"], programme)

    def _decide(self, act: BudgetAct, told: dict[str, Any], programme: Programme | None) -> None:
        on = self._day(told)
        noon = self._noon(on)
        draft = orders.start_decision(act_id=act.pk, user=self.user, now=noon)
        values = {
            "outcome": told["outcome"],
            "grounds": told.get("grounds", ""),
            "programme": programme,
            "decided_on": on,
            "number": told["number"],
            "body": texts()["decision_body"],
            "url": f"https://demo.example/{told['number']}",
        }
        orders.describe_decision(decision_id=draft.pk, user=self.user, values=values)
        for slug, group, recipients, volume, unit, amount, channel in told.get("items") or ():
            item = {
                "service_type": ServiceType.objects.get(slug=slug),
                "group": VulnerableGroup.objects.get(slug=group),
                "recipients": recipients,
                "volume": Decimal(volume),
                "unit": unit,
                "amount": Decimal(amount),
                "channel": channel,
            }
            orders.put_item(decision_id=draft.pk, user=self.user, values=item)
        orders.take_decision(decision_id=draft.pk, user=self.user, now=noon)
        OrderDecision.objects.filter(pk=draft.pk).update(is_demo=True)

    def _day(self, told: dict[str, Any]) -> date:
        """Return the day that is told: so many days ago, or a day of a year counted from this one, never in future."""
        if "days_ago" in told:
            return self.today - timedelta(days=told["days_ago"])
        year, month, day = told["on"]
        return min(date(self.today.year + year, month, day), self.today - timedelta(days=1))

    def _noon(self, on: date) -> datetime:
        return min(datetime.combine(on, time(12), tzinfo=KYIV), self.now)
