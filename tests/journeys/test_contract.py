"""A contract is followed to the last hryvnia and the last finding: what everybody reads of it agrees in every figure."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from portal.kernel import audit
from portal.site.bootstrap import make_site
from procurement.models import Contract, Finding, ServiceReport, Visit
from tests.factories.accounts import give_second_factor
from tests.journeys.comparing import Auditor, archive_says
from tests.journeys.evaluating import enter_by_letter
from tests.journeys.ordering import bring_the_post
from tests.journeys.performing import Performer, work_through_another_month
from tests.journeys.scenes import Scene, make_scene_decided
from tests.journeys.surveying import Recipient, Surveyor, answer_as_others, rate_the_rest, survey_is_anonymous
from tests.journeys.visiting import Seen, Visitor
from tests.passing_time import PassingTime

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, LAST = date(2027, 3, 1), date(2027, 4, 30)
BUDGET = "0813104"
TARIFF, PLANNED, NEEDED = Decimal("170.35"), Decimal(1800), Decimal(600)
MARCH, APRIL = Decimal(290), Decimal("251.5")
DEDUCTED = Decimal("1703.50")
HEAD, DEPUTY = "Левченко Ірина, голова", "Коваль Олена, заступниця голови"
DONE = "Прибирання, приготування їжі, купівля ліків за індивідуальними планами."
NAMED = "Прибирання для Шевченко Марії Іванівни, купівля ліків."
RETURNED, REMARK = "Години не збігаються з журналом.", "У журналі на десять годин менше."
NOT_PROVEN = "Десять годин не підтверджено журналом."
FOUND = {
    "individual-plan": Seen("Індивідуальні плани не переглянуто.", "Договір, п. 3.1", "Переглянути плани.", "major"),
    "journal": Seen("Журнал ведеться не щодня.", "Договір, п. 3.4", "Вести журнал щодня.", "minor"),
    "substitution": Seen("Немає заміни на час відпустки.", "Договір, п. 3.6", "Назвати заміну.", "minor"),
}
REPLIES = ("Плани переглянуто й затверджено.", "Журнал ведеться щодня.", "Заміни немає, вакансія відкрита.")
RESULTS = {
    "eliminated": "Плани показано.",
    "partly": "Записи є, підписів бракує.",
    "no_mechanism": "Працівників цього фаху в громаді немає.",
}
CONCLUSION = "Послугу надають, є відхилення."
LESS_NEEDED = "Потреба в годинах виявилася меншою."
GOOD = "Послугу надають якісно, зауваження враховано."
THE_END = "Решта годин не знадобилася."
SURVEY = dict.fromkeys(("needs", "plan", "better", "in-time", "list", "convenient", "attitude", "skill"), "yes")
ANSWERS = [SURVEY] * 20 + [{**SURVEY, "in-time": "partly"}] * 10


def sum_of(units: Decimal) -> Decimal:
    return (units * TARIFF).quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected() -> dict[str, Decimal]:
    """Count by hand what everybody has to read at the end."""
    claimed = {"1": sum_of(MARCH), "2": sum_of(APRIL)}
    accepted = {"1": claimed["1"] - DEDUCTED, "2": claimed["2"]}
    whole, nothing = sum(accepted.values()), Decimal(0)
    told = {"first_sum": sum_of(PLANNED), "sum": sum_of(NEEDED), "to_pay": nothing, "tariff": TARIFF}
    told |= {"claimed": sum(claimed.values()), "deducted": DEDUCTED, "accepted": whole, "paid": whole}
    told |= {"remaining": told["sum"] - whole, "deducted_1": DEDUCTED, "deducted_2": nothing}
    for number, sum_claimed in claimed.items():
        told |= {f"claimed_{number}": sum_claimed}
        told |= {f"accepted_{number}": accepted[number], f"paid_{number}": accepted[number]}
    return told


@pytest.fixture
def scene(transactional_db, live_server, settings, tmp_path, passing_time) -> Scene:
    settings.PORTAL_BASE_URL = live_server.url
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    # the journey takes a spring: nobody signs in anew on each of its days
    for name in ("SESSION_IDLE", "SESSION_LONGEST", "OFFICIAL_SESSION_IDLE", "OFFICIAL_SESSION_LONGEST"):
        setattr(settings, name, timedelta(days=365))
    make_site()
    return make_scene_decided(passing_time, proposals=2, tariffs=(str(TARIFF), "171.00"))


def come(time: PassingTime, month: int, day: int) -> None:
    """Let the morning of a day come, the letters of the days before being sent."""
    time.move_to(datetime(2027, month, day, 7, 0, tzinfo=UTC))
    bring_the_post(time.now)


@pytest.mark.usefixtures("patience")
def test_contract_is_followed_to_the_last_hryvnia(desk, telephone, scene, passing_time, tmp_path):
    official, provider = desk(Surveyor), telephone(Performer)
    codes = give_second_factor(scene.official)
    official.enter(scene.official.email)

    conclude(official, provider, scene, passing_time)
    report_on_march(official, provider, scene, passing_time)
    pay_for_march(official, provider, scene, passing_time)
    visit = look_on_the_spot(official, telephone(Visitor), scene, codes[0], passing_time)
    follow_the_findings(official, provider, scene, visit, passing_time)
    amend(official, provider, scene, passing_time)
    come(passing_time, 5, 4)
    work_through_another_month(official.contract, passing_time.now(), APRIL, DONE)
    ask_the_recipients(official, telephone(Recipient), passing_time)
    come(passing_time, 5, 24)
    official.close(THE_END)
    everything_agrees(desk(Auditor), official.contract, tmp_path)
    assert audit.verify() is None


# --- award, contract -------------------------------------------------------------------------------------------------


def conclude(official: Surveyor, provider: Performer, scene: Scene, time: PassingTime) -> None:
    """The winner accepts; the contract is made of the award, offered, and signed by both."""
    enter_by_letter(provider, scene.email(1), "award")
    provider.answer_award()
    come(time, 2, 22)
    line = official.enter_budget_line(BUDGET, "400000")
    official.make_from_award(scene.competition.pk)
    official.say_terms(FIRST, LAST)
    official.pay_from(line, str(sum_of(PLANNED)))
    official.offer(scene.name(1), BUDGET)
    sign_both(official, provider, scene, time, signed_file=True)
    contract = official.contract
    assert (contract.state, contract.version, contract.sum) == ("in_force", 1, sum_of(PLANNED))
    signed = contract.versions.get(number=1).signatures.get(side="contractor")
    assert (signed.check_result["encloses"], signed.check_result["verified"]) == (True, False)
    line.refresh_from_db()
    assert (line.committed, line.free) == (contract.sum, Decimal(400_000) - contract.sum)


def sign_both(
    official: Surveyor, provider: Performer, scene: Scene, time: PassingTime, *, signed_file: bool = False
) -> None:
    bring_the_post(time.now)
    provider.sign(scene.email(1), HEAD, signed_file=signed_file)
    bring_the_post(time.now)
    official.sign(DEPUTY)


# --- report, act, payment --------------------------------------------------------------------------------------------


def report_on_march(official: Surveyor, provider: Performer, scene: Scene, time: PassingTime) -> None:
    """The report names a person, which the form does not take; it is filed, returned once, and accepted."""
    come(time, 4, 2)
    report = ServiceReport.objects.get(number=1)
    provider.page.goto(f"/cabinet/contracts/{report.contract_id}/reports/")
    provider.go(f"/reports/{report.pk}/")
    provider.write_report(("17", "270,5"), ("3", "29,5"), done=NAMED)
    provider.is_warned_of("Шевченко")
    provider.named("done").fill(DONE)
    provider.file_report()
    bring_the_post(time.now)
    official.come_by_letter("/reports/", f"/reports/{report.pk}/")
    official.return_report(RETURNED, line_1=REMARK)

    come(time, 4, 5)
    provider.come_by_letter(scene.email(1), "/reports/", f"/reports/{report.pk}/")
    for words in (RETURNED, REMARK):
        provider.sees(words)
    provider.write_report(("17", "260,5"), ("3", "29,5"), done=DONE)
    provider.file_report()
    bring_the_post(time.now)
    official.come_by_letter("/reports/", f"/reports/{report.pk}/")
    official.accept_report()
    assert [one.returned_at is None for one in report.filings.order_by("number")] == [False, True]


def pay_for_march(official: Surveyor, provider: Performer, scene: Scene, time: PassingTime) -> None:
    """The act of the report is claimed and accepted less a deduction; what is accepted is paid."""
    bring_the_post(time.now)
    report = ServiceReport.objects.get(number=1)
    provider.come_by_letter(scene.email(1), "/reports/", f"/reports/{report.pk}/")
    provider.claim("1")
    bring_the_post(time.now)
    official.come_by_letter("/acts/", f"/acts/{report.acts.get().pk}/")
    official.accept_act(str(DEDUCTED), "deduction-units", NOT_PROVEN)
    come(time, 4, 12)
    told = expected()
    official.pay(told["accepted_1"], date(2027, 4, 12), "118")
    contract = official.contract
    assert (contract.accepted, contract.paid) == (told["accepted_1"], told["paid_1"])
    official.is_kept_from_closing("reports")


# --- visit, findings -------------------------------------------------------------------------------------------------


def look_on_the_spot(official: Surveyor, visitor: Visitor, scene: Scene, code: str, time: PassingTime) -> Visit:
    """The form is filled in without network, survives the loss of its page, and is sent when there is one."""
    visit = official.plan_visit(date(2027, 4, 14))
    come(time, 4, 14)
    visitor.enter(visit, scene.official.email, code)
    visitor.fill_offline("селище Диканька, офіс надавача", FOUND, date(2027, 5, 5))
    visitor.lose_the_page()
    texts = {item: seen.text for item, seen in FOUND.items()}
    visitor.come_back_to_the_network(texts)
    official.conclude(visit, CONCLUSION, texts)
    assert [one.text for one in Finding.objects.order_by("number")] == list(texts.values())
    return visit


def follow_the_findings(official: Surveyor, provider: Performer, scene: Scene, visit: Visit, time: PassingTime) -> None:
    """The provider replies to all three; one is eliminated, one in part, for one there is no mechanism."""
    come(time, 4, 16)
    provider.reply(scene.email(1), list(visit.findings.order_by("number")), REPLIES)
    come(time, 4, 20)
    for finding, reply, (outcome, reason) in zip(
        visit.findings.order_by("number"), REPLIES, RESULTS.items(), strict=True
    ):
        official.judge(finding, outcome, reason, reply=reply)
    found = visit.findings.order_by("number").values_list("state", "outcome")
    assert list(found) == [("closed", outcome) for outcome in RESULTS]


# --- amendment --------------------------------------------------------------------------------------------------------


def amend(official: Surveyor, provider: Performer, scene: Scene, time: PassingTime) -> None:
    """The second version takes what is not needed away; it too is signed by both."""
    come(time, 4, 22)
    official.amend_volume(str(NEEDED), slug="amendment-volume", citation="пункт 9 договору", reason=LESS_NEEDED)
    line = official.contract.funding.get().line
    official.pay_from(line, str(sum_of(NEEDED)))
    official.offer(LESS_NEEDED)
    sign_both(official, provider, scene, time)
    contract = official.contract
    assert (contract.version, contract.sum, contract.first_sum) == (2, sum_of(NEEDED), sum_of(PLANNED))


# --- quality, the end ------------------------------------------------------------------------------------------------


def ask_the_recipients(official: Surveyor, recipient: Recipient, time: PassingTime) -> None:
    """Thirty answer: one before a telephone, one on paper, the others by the same steps."""
    come(time, 5, 10)
    official.begin_evaluation(FIRST, LAST, act_number="31-од", act_on=date(2027, 5, 7), recipients=34)
    official.name_member("Коваль Олена", "Управління соціального захисту", "is_head")
    official.name_member("Мороз Лідія", "ГО «Разом»", "is_civil_society")
    codes = official.open_survey(date(2027, 5, 20))
    assert len(set(codes)) == len(ANSWERS)
    recipient.answer(codes[0], ANSWERS[0])
    assert recipient.window.cookies() == []
    official.enter_from_paper(ANSWERS[1])
    answer_as_others(codes[2:], ANSWERS[2:], time.now())
    official.close_survey()
    survey_is_anonymous(len(ANSWERS))
    official.take_from_survey()
    official.rate("inspections", "80", "Акт візиту № 1", date(2027, 4, 14))
    evaluation = official.evaluation
    rate_the_rest(evaluation, evaluation.created_by, time.now(), "complaints", "training", on=date(2027, 4, 30))
    official.publish(GOOD)
    assert (official.evaluation.state, official.evaluation.oldest_on) == ("published", date(2027, 4, 14))


def everything_agrees(reader: Auditor, contract: Contract, folder) -> None:
    """The page, the papers, the table and the archive tell the same sums, units and days."""
    told, dates = expected(), {"concluded_on": "2027-02-22", "service_from": "2027-03-01", "service_to": "2027-04-30"}
    reader.open_contract(contract.number)
    reader.page_says(told)
    for words in (*(seen.text for seen in FOUND.values()), *REPLIES, *RESULTS.values()):
        reader.sees(words)
    for words in (NOT_PROVEN, LESS_NEEDED, CONCLUSION, THE_END, DONE):
        reader.sees(words)

    row = reader.table_row()
    sums = {name: Decimal(row[f"{name}_uah"]) for name in ("first_sum", "sum", "accepted", "paid", "remaining")}
    assert sums == {name: told[name] for name in sums}
    assert {name: row[name] for name in dates} == dates
    assert (row["state"], row["ended_on"], Decimal(row["end_paid_uah"])) == ("closed", "2027-05-24", told["paid"])

    reader.paper_says("contract.pdf", told["sum"], TARIFF, words=(LESS_NEEDED, HEAD, DEPUTY, "600"))
    reader.paper_says("versions/1.pdf", told["first_sum"], TARIFF, words=("1800",))
    first = [told[f"{name}_1"] for name in ("claimed", "deducted", "accepted")]
    reader.paper_says("acts/1.pdf", *first, TARIFF, words=(NOT_PROVEN, "290"))
    reader.paper_says("acts/2.pdf", told["claimed_2"], TARIFF, words=("251,5",))

    reader.unpack(folder / "dossier")
    record = archive_says(folder / "dossier", told, row)
    assert {name: record[name] for name in dates} == dates
    (line,) = record["lines"]
    assert (Decimal(line["volume"]), Decimal(line["units_accepted"])) == (NEEDED, MARCH + APRIL)
    assert [one["outcome"] for one in record["findings"]] == list(RESULTS)
    # of seventeen and three the three are never told
    assert [one["people"] for one in record["reports"][0]["lines"][0]["groups"]] == [17, None]
    reader.finds_a_changed_byte(folder / "dossier", "acts.csv")
