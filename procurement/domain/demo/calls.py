"""Competitions of the demonstration, in every state that there is, each brought there by its lawful steps."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from portal.kernel import clock
from portal.kernel.calendar import KYIV, day_of
from portal.kernel.models.calendar import load_calendar
from procurement.domain.calls import calling, questions, specifications
from procurement.domain.demo.bidders import submit_some
from procurement.domain.demo.evaluations import evaluate
from procurement.domain.demo.material import texts
from procurement.domain.seal import opening
from procurement.enums import CompetitionState, DecisionState
from procurement.models import Commissioner, Competition, OrderDecision, ProcedureGround
from registry.models import DeliveryForm, ServiceType, VulnerableGroup

if TYPE_CHECKING:
    from portal.accounts.models import Organisation, User

_DAY: Final = timedelta(days=1)
_CLOSING: Final = time(18)
_OPENING: Final = time(10)


def write_call(
    told: dict[str, Any],
    commissioner: Commissioner,
    *,
    user: User,
    bidders: list[tuple[Organisation, User]],
    now: datetime,
) -> Competition:
    """Write one competition and bring it to the state that is told."""
    story = _Story(told, commissioner, user, now)
    competition = story.prepare()
    Competition.objects.filter(pk=competition.pk).update(is_demo=True)
    if told.get("draft"):
        return competition
    competition = story.publish(competition)
    story.ask(competition)
    if told["proposals"]:
        # a proposal is written in a morning between the announcement and whatever came next
        first = told.get("from", 0)
        chosen = bidders[first : first + told["proposals"]]
        submit_some(competition, chosen, at=story.bidding_at, prices=told.get("prices"))
    competition = story.move(competition)
    if told.get("evaluation"):
        evaluate(competition, told["evaluation"], user=user, now=now)
    return competition


class _Story:
    """What happened in one competition, on days counted from the day of the demonstration."""

    def __init__(self, told: dict[str, Any], commissioner: Commissioner, user: User, now: datetime) -> None:
        self.told, self.commissioner, self.user, self.now = told, commissioner, user, now
        self.today = day_of(now)

    def prepare(self) -> Competition:
        told, begun = self.told, self._begun()
        procedure = told.get("procedure", "social-order")
        decision = self._decision(procedure)
        competition = calling.start_competition(
            user=self.user,
            commissioner_id=self.commissioner.pk,
            procedure=procedure,
            title=told["title"],
            now=begun,
            decision_id=decision.pk if decision else None,
        )
        lots = [self._specification(part, begun) for part in range(told.get("lots", 1))]
        rows = [{"title": one.title, "specification": one.pk, "ceiling": one.ceiling} for one in lots]
        calling.set_lots(competition_id=competition.pk, user=self.user, lots=rows, now=begun)
        limit = sum((one.ceiling or Decimal(0) for one in lots), Decimal(0))
        limit = Decimal(told["limit"]) if "limit" in told else limit
        values = {} if told.get("draft") else self._notice(limit or None)
        return calling.save_call(competition_id=competition.pk, user=self.user, values=values, now=begun)

    def publish(self, competition: Competition) -> Competition:
        return calling.publish(
            competition_id=competition.pk, user=self.user, key=str(uuid4()), now=self._at(self.told["published"])
        )

    @property
    def bidding_at(self) -> datetime:
        return self._at(self.told["published"] + 1, time(11))

    def ask(self, competition: Competition) -> None:
        for one in self.told.get("questions") or ():
            question = questions.ask(
                competition_id=competition.pk,
                user=self.user,
                organisation_id=None,
                text=one["text"],
                key=uuid4(),
                now=self._at(one["day"]),
            )
            if one.get("answer"):
                questions.answer(
                    question_id=question.pk, user=self.user, text=one["answer"], now=self._at(one["answered"])
                )

    def move(self, competition: Competition) -> Competition:
        """Take the steps after the announcement that the state asks for."""
        told, state = self.told, self.told["state"]
        if state == "changed":
            return self._change(competition)
        if state == "extended":
            return self._extend(competition)
        if state == "cancelled":
            return calling.cancel(
                competition_id=competition.pk,
                user=self.user,
                ground_id=_ground("cancellation"),
                reason=told["end"],
                now=self._at(told["ended"]),
            )
        if state in ("closed", "opened", "void"):
            competition = self._close(competition)
        if state == "void":
            at = competition.closed_at or self.now
            return calling.void(
                competition_id=competition.pk,
                user=self.user,
                ground_id=_ground("void"),
                reason=told["end"],
                now=at + _DAY,
            )
        if state == "opened":
            at = competition.opening_at or self.now
            with clock.standing_at(at):
                opening.open_proposals(
                    competition_id=competition.pk, user=self.user, present=texts()["present"], now=at
                )
            competition.refresh_from_db()
        return competition

    def _close(self, competition: Competition) -> Competition:
        at = max(filter(None, (competition.closes_at, competition.hold_until)))
        with clock.standing_at(at):
            closed = calling.close(competition_id=competition.pk, now=at)
        assert closed.state == CompetitionState.CLOSED
        return closed

    def _change(self, competition: Competition) -> Competition:
        told = self.told["change"]
        return calling.change(
            competition_id=competition.pk,
            user=self.user,
            values={"documents_note": f"{competition.documents_note} {told['reason']}"},
            ground_id=_ground("change"),
            reason=told["reason"],
            now=self._at(told["day"]),
        )

    def _extend(self, competition: Competition) -> Competition:
        told = self.told["extension"]
        longer = timedelta(days=told["days"])
        points = ("questions_until", "closes_at", "hold_until", "opening_at", "evaluated_on", "award_on", "results_on")
        later = {point: getattr(competition, point) + longer for point in (*points, "contract_on", "service_from")}
        return calling.extend(
            competition_id=competition.pk,
            user=self.user,
            dates=later,
            ground_id=_ground("extension"),
            reason=told["reason"],
            now=self._at(told["day"]),
        )

    # --- what the announcement says

    def _begun(self) -> datetime:
        return self._at(self.told.get("published", 0)) - timedelta(hours=2)

    def _decision(self, procedure: str) -> OrderDecision | None:
        channel = "project_competition" if procedure == "social-project" else "social_order"
        rows = OrderDecision.objects.filter(
            hromada=self.commissioner.hromada,
            state=DecisionState.TAKEN,
            items__service_type__slug=self.told["service"],
            items__channel=channel,
            decided_on__lt=day_of(self._begun()),
        )
        return rows.order_by("-decided_on").first()

    def _specification(self, part: int, begun: datetime) -> Any:
        told = self.told
        volume = Decimal(told["volume"]) / told.get("lots", 1) if told["volume"] else None
        values: dict[str, Any] = {
            "title": f"{told['title']} ({part + 1})" if told.get("lots", 1) > 1 else told["title"],
            "group": VulnerableGroup.objects.get(slug=told["group"]),
            "service_type": ServiceType.objects.get(slug=told["service"]),
            "delivery_form": DeliveryForm.objects.get(slug=told["form"]),
            "recipients": told["recipients"] // told.get("lots", 1) if told["recipients"] else None,
            "volume": volume,
            "unit": told["unit"],
            "tariff": Decimal(told["tariff"]) if told["tariff"] else None,
            "tariff_act": texts()["tariff_act"] if told["tariff"] else "",
            "standard": texts()["standard"],
            "place": told.get("change", {}).get("place") or self.commissioner.hromada.label,
            **{name: told[name] for name in ("content", "categories", "quality")},
        }
        if not told.get("draft"):
            plan = self._dates()
            values |= {"service_from": plan["service_from"], "service_to": plan["service_to"]}
        return specifications.create_specification(
            user=self.user, hromada_id=self.commissioner.hromada_id, values=values, now=begun
        )

    def _notice(self, limit: Decimal | None) -> dict[str, Any]:
        words = ("legal_ground", "requirements", "submission_note", "documents_note", "contact_name", "opening_place")
        contact = {"contact_phone": self.commissioner.phone, "contact_email": self.commissioner.email}
        return {**{name: texts()[name] for name in words}, **contact, "budget_limit": limit, **self._dates()}

    def _dates(self) -> dict[str, Any]:
        """Return a timetable that follows from the day of closing: opening on a working day, the rest behind it."""
        closes = self._on(self.told["closes"])
        held = self._on(self.told["hold"]) if "hold" in self.told else closes + _DAY
        opens_on = load_calendar().next_working(held)
        if "opening" in self.told:
            opens_on = max(self._on(self.told["opening"]), held)
        service_from = opens_on + timedelta(days=30)
        return {
            "opens_at": self._moment(self._on(self.told["opens"]), time(9)) if "opens" in self.told else None,
            "questions_until": self._moment(closes - timedelta(days=5), _CLOSING),
            "closes_at": self._moment(closes, _CLOSING),
            "hold_until": self._moment(held, _CLOSING),
            "opening_at": self._moment(opens_on, _OPENING if opens_on > held else time(19)),
            "evaluated_on": opens_on + timedelta(days=5),
            "award_on": opens_on + timedelta(days=6),
            "results_on": opens_on + timedelta(days=7),
            "contract_on": opens_on + timedelta(days=20),
            "service_from": service_from,
            "service_to": date(service_from.year + (service_from.month > 6), 12, 31),  # noqa: PLR2004 half a year
        }

    def _on(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _at(self, days: int, hour: time = time(9, 30)) -> datetime:
        """Return that hour of the day, so many days from today, and never a moment that has not come."""
        return min(self._moment(self._on(days), hour), self.now)

    @staticmethod
    def _moment(on: date, hour: time) -> datetime:
        return datetime.combine(on, hour, tzinfo=KYIV)


def _ground(use: str) -> int:
    return ProcedureGround.objects.filter(use=use, procedure="").order_by("order", "pk").values_list("pk", flat=True)[0]
