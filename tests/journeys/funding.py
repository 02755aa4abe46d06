"""What the official and an applicant do in the journey of a competition of projects, who else applies, how it ends."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.accounts.models import Organisation, User
from procurement.domain.evaluation.awards import accept
from procurement.enums import AwardState
from procurement.models import Award, Competition, CompetitionCommission
from registry.templatetags.register import money
from tests.factories.accounts import give_second_factor, make_official
from tests.factories.evaluation import make_commission
from tests.factories.ordering import make_budget_act, make_commissioner, make_order_decision
from tests.factories.procurement import make_bidder
from tests.factories.proposals import attach, begin, submit, write
from tests.factories.registry import make_territories
from tests.journeys.bidding import Bidder, Follower
from tests.journeys.evaluating import Evaluator, enter_by_letter, fits
from tests.journeys.joining import pdf_file
from tests.passing_time import PassingTime

# rows of a table, each by the names of its columns
Rows = Sequence[Mapping[str, str]]

TITLE = "Підтримка людей з інвалідністю, 2027"
FIRST, SECOND, THIRD = "ГО «Майстерня разом»", "БФ «Велика справа»", "ГО «Добрі сусіди»"
PROJECTS = {FIRST: "Майстерня «Разом»", SECOND: "Центр денного перебування", THIRD: "Сусідська допомога"}
# the first and the second together ask for more than the limit, the first and the third for less
LIMIT, CEILING = Decimal(500_000), Decimal(300_000)
ASKED = {FIRST: Decimal(210_000), SECOND: Decimal(295_000), THIRD: Decimal(120_000)}
CRITERIA = ("goal", "results", "budget", "contribution", "team", "sustainability")
GOAL, CLEARED_GOAL = "Люди з інвалідністю мають роботу.", "Сорок людей з інвалідністю мають роботу до жовтня 2027 року."
INDICATOR = "Скільки людей працює за договором"
# everything that the form of projects asks of an applicant alone, besides its tables and what the register fills in
ANSWERS = {
    "about/registered_on": "14.05.2019",
    "about/head": "Левченко Ірина, голова",
    "about/phone": "+380501112233",
    "about/email": "office@maisternia.example",
    "about/experience": "Шість проєктів у громаді за сім років.",
    "about/jointly": "no",
    "project/name": PROJECTS[FIRST],
    "project/priority": "Зайнятість людей з інвалідністю",
    "project/problem": "У громаді немає жодного пристосованого робочого місця.",
    "project/goal": GOAL,
    "project/group": "Дорослі з інвалідністю, які шукають роботу",
    "project/people": "40",
    "project/from": "01.05.2027",
    "project/to": "30.09.2027",
    "plan/risks": "Не прийдуть учасники: запрошуємо разом із соціальними працівниками.",
    "plan/sustainability": "Майстерня працює далі на власних замовленнях.",
    "budget/contribution_note": "Приміщення й праця волонтерів.",
    "statements/true": "yes",
    "statements/single_source": "yes",
    "statements/publication": "yes",
}
TABLES: dict[str, Rows] = {
    "plan/activities": (
        {"what": "Обладнання майстерні", "from": "01.05.2027", "to": "31.05.2027"},
        {"what": "Навчання ремесла", "from": "01.06.2027", "to": "30.09.2027"},
    ),
    "plan/results": ({"result": "Люди працюють", "indicator": INDICATOR, "now": "0", "planned": "40"},),
    "team/people": ({"role": "Керівниця проєкту", "experience": "Десять років соціальної роботи"},),
    # 240 000 in all: 210 000 of the budget, 20 000 of one's own, 10 000 of others
    "budget/lines": (
        {"line": "Оплата праці", "quantity": "5", "price": "36 000", "from_budget": "180 000"},
        {
            "line": "Верстати",
            "quantity": "2",
            "price": "30 000",
            "from_budget": "30 000",
            "own": "20 000",
            "other": "10 000",
        },
    ),
}

# the first stands above the second, the second above the third
FULL, GOOD = ({code: (points, f"Підтверджено: {code}.") for code in CRITERIA} for points in ("4", "3"))
GIVEN = {1: FULL, 2: GOOD, 3: {**GOOD, "contribution": ("2", "Власного внеску немає.")}}


class Funder(Evaluator):
    """The official of a hromada that gives money to projects."""

    def describe_project_call(self) -> None:
        """Fill in all but the timetable: the lot has no specification, for nobody knows what will be proposed."""
        self.do_task(_("About the competition"), legal_ground="Постанова № 1049, місцевий порядок", budget_limit=LIMIT)
        self.do_task(_("Lots"), **{"lot-0-title": "Соціальні проєкти", "lot-0-ceiling": CEILING})
        self.do_task(
            _("Conditions and contacts"),
            requirements="Громадські об’єднання та благодійні організації.",
            documents_note="Статут.",
            submission_note="Через портал.",
            opening_place="Диканька, мала зала",
            contact_name="Олена Коваль",
            contact_phone="+380535191234",
        )

    def ask_to_correct(self, path: str, text: str) -> None:
        """Ask for the one correction; until when it is awaited the local rules say, so nobody types it."""
        self.press(_("Save and ask for a clarification"))
        box = self.page.locator(f"[name=named][value='{path}']")
        self.main.locator("details", has=box).locator("summary").click()
        box.check()
        assert self.named("due_at").count() == 0
        self.fill(text=text)
        self.press(_("Send the request"))
        self.sees(_("The request is sent; the decision waits for the answer."))

    def open_defence(self, applicant: str) -> None:
        self.open_stage("defences")
        self.main.locator(".tasks").get_by_role("link", name=applicant).click()

    def appoint_defence(self, applicant: str, at: datetime, place: str) -> None:
        self.open_defence(applicant)
        self.fill(at=at, place=place)
        self.press(_("Appoint the defence"))
        self.sees(_("Saved."))

    def record_defence(self, applicant: str, note: str) -> None:
        self.open_defence(applicant)
        self.main.locator("[name=held][value=yes]").check()
        self.fill(note=note)
        self.press(_("Write it down"))
        self.sees(_("Saved."))


class Applicant(Bidder):
    """Somebody who writes a project before a telephone."""

    def write_project(self) -> None:
        for code in ("about", "project", "plan", "team", "budget", "statements"):
            self.open_section(code)
            for path in (path for path in TABLES if path.startswith(f"{code}/")):
                self.write_rows(path, TABLES[path])
            for path in (path for path in ANSWERS if path.startswith(f"{code}/")):
                self.answer(path, ANSWERS[path])
            fits(self)
            self.save()
        self.attach({"statute": pdf_file("статут.pdf")})

    def write_rows(self, path: str, rows: Rows) -> None:
        """Write row after row; a further one is offered once the one before is saved."""
        for number, row in enumerate(rows, 1):
            if number > 1:
                self.main.locator(f"[name=stay][value='{path}']").click()
            for name, value in row.items():
                self.answer(f"{path}/{number}/{name}", value)


def timetable(closes: datetime, service_from: str, service_to: str) -> dict[str, Any]:
    """Return all points of a plan that closes then, to the minute; the projects last between the two days."""
    later = {"evaluated_on": 15, "award_on": 20, "results_on": 22, "contract_on": 40}
    return {
        "questions_until": closes - timedelta(days=5),
        "closes_at": closes,
        "hold_until": closes + timedelta(days=2),
        "opening_at": closes + timedelta(days=3),
        **{point: f"{closes + timedelta(days=days):%Y-%m-%d}" for point, days in later.items()},
        "service_from": service_from,
        "service_to": service_to,
    }


def make_accounts(now: datetime) -> dict[str, Any]:
    """Make the decision of the hromada; return applicants by name, each with its person, the official and its codes."""
    make_commissioner()
    make_order_decision(make_budget_act(now=now), channel="project_competition", now=now)
    form = {"legal_form": "public_association", "ownership_form": "private", "sector": "non_state"}
    found: dict[str, Any] = {name: make_bidder(name=name, **form) for name in PROJECTS}
    found["official"] = make_official("commissioner", make_territories().dykanska)
    found["codes"] = give_second_factor(found["official"])
    return found


def make_experts() -> CompetitionCommission:
    commission = make_commission(members=5)
    for member in commission.members.select_related("user"):
        give_second_factor(member.user)
    return commission


def submit_project(competition: Competition, name: str, bidder: tuple[Organisation, User], now: datetime) -> None:
    """Submit a project of one line, all of it from the budget."""
    asked = str(ASKED[name])
    line = {"line": "Оплата праці", "quantity": "1", "price": asked, "from_budget": asked}
    rows = {
        f"{path}/{number}/{column}": value
        for path, table in {**TABLES, "budget/lines": (line,)}.items()
        for number, row in enumerate(table, 1)
        for column, value in row.items()
    }
    organisation, person = bidder
    proposal = begin(competition, organisation, person, now=now)
    saved = write(proposal, person, {**ANSWERS, **rows, "project/name": PROJECTS[name]}, now=now)
    assert not saved.refused and not saved.conflicts, (saved.refused, saved.conflicts)
    attach(proposal, person, now=now)
    submit(proposal, person, now=now)


# --- how it ends -----------------------------------------------------------------------------------------------------


def take_the_money(first: Applicant, second: Applicant, accounts: dict[str, Any], time: PassingTime) -> None:
    """Accept before a telephone; who is left without money reads why there."""
    enter_by_letter(first, accounts[FIRST][1].email, "award", signed_in=True)
    first.sees(_("Accept the award"))
    first.press(_("Accept the award"))
    first.sees(_("The award is accepted. The contract comes next."))
    third = Award.objects.get(proposal__organisation__name=THIRD)
    accept(award_id=third.pk, user=accounts[THIRD][1], now=time.now())
    assert set(Award.objects.values_list("state", flat=True)) == {AwardState.ACCEPTED}
    enter_by_letter(second, accounts[SECOND][1].email, "result")
    second.sees(_("Your proposal has not won"))
    second.sees(money(ASKED[SECOND]))
    # the first is above it; the third, which has fewer points and asked for less, is nothing to compare with
    expect(second.main.locator(".own-points tfoot")).to_contain_text("24,00")


def read_the_register(reader: Follower, number: str) -> None:
    """Find what is funded among the projects of all hromadas: with the corrected goal, without who got nothing."""
    reader.page.get_by_role("contentinfo").get_by_role("link", name=_("funded projects"), exact=True).click()
    reader.page.wait_for_url("**/projects/")
    for name in (FIRST, THIRD):
        project = reader.main.locator(".project", has_text=name)
        for words in (PROJECTS[name], money(ASKED[name]), AwardState.ACCEPTED.label, number):
            expect(project).to_contain_text(str(words))
    reader.sees(CLEARED_GOAL)
    expect(reader.main).not_to_contain_text(SECOND)
    table = reader.take(_("The same as a table (CSV)")).decode("utf-8-sig")
    rows = {row["applicant"]: row for row in csv.DictReader(io.StringIO(table))}
    assert {name: row["amount_uah"] for name, row in rows.items()} == {FIRST: "210000.00", THIRD: "120000.00"}
    assert (rows[FIRST]["project_goal"], rows[FIRST]["project_people"]) == (CLEARED_GOAL, "40")
    reader.follow(PROJECTS[FIRST])
    reader.page.wait_for_url(f"**/competitions/{number}/results/")
    reader.sees(FIRST)
