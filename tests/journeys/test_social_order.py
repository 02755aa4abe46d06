"""A hromada orders a service: from the needs of its people to proposals that nobody reads before they are opened."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from portal.kernel import audit
from portal.kernel.models import Act, DeadlineRule, LogEntry
from portal.site.bootstrap import make_site
from procurement.domain.seal.working_copies import read_copy
from procurement.models import Competition, NeedsAssessment, OrderDecision, Proposal
from search.indexing import rebuild
from tests.factories.accounts import give_second_factor, make_official
from tests.factories.procurement import make_bidder
from tests.factories.proposals import COMPLETE
from tests.factories.registry import make_catalogue, make_territories, next_edrpou
from tests.factories.rule_profiles import load_all_rules, make_profile
from tests.journeys.bidding import Bidder, Curious, Follower
from tests.journeys.closing import close_by_the_clock, come_too_late, nothing_is_told, open_before_witnesses
from tests.journeys.joining import eventually, pdf_file, pdf_words
from tests.journeys.ordering import FIRST, HROMADA, SECOND, TITLE, Commissioner, bring_the_post, received, timetable
from tests.passing_time import PassingTime
from tests.sealing.test_dump import Marks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SERVICE, GROUP, FORM = "Догляд вдома", "Особи похилого віку", "Вдома"
SPECIFIED = "Догляд вдома осіб похилого віку"
READER = "reader@mail.example"
QUESTION, ANSWER = "Чи можна подати пропозицію на частину лота?", "Ні, лише на лот у цілому."
CHANGED = "Надавач із Реєстру, досвід не менше року."
# what the register fills in stays as it is
ANSWERS = {path: value for path, value in COMPLETE.items() if path != "about/title"}


@pytest.fixture
def rules(transactional_db, live_server, settings, tmp_path, passing_time):
    """Make the law as shipped, and terms of the hromada's own, so that a timetable has something to break."""
    settings.PORTAL_BASE_URL = live_server.url
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    make_site()
    make_territories(), make_catalogue(), load_all_rules()
    own = make_profile(competition_announcement=10, proposals_window=15, question_end=3, question_hold=3, policy={})
    own.rules.update(act=Act.objects.get(code="450-2020"))
    return own


@pytest.fixture
def accounts(rules):
    """Return who has an account: two officials with a second factor, by name a code of each, and two bidders."""
    found = {
        "official": make_official("commissioner", make_territories().dykanska),
        "curious": make_official("administrator"),
    }
    found["codes"] = {name: give_second_factor(user)[0] for name, user in found.items()}
    for name, organisation in (("first", FIRST), ("second", SECOND)):
        found[name] = make_bidder(name=organisation)[1]
    return found


@pytest.fixture
def people(browse, accounts, patience):
    """Return the official signed in, two bidders before telephones, a reader, and an administrator signed in."""
    telephone = {"is_mobile": True, "has_touch": True}
    found = {
        "official": Commissioner(browse(1280, 900)),
        "first": Bidder(browse(390, 844, **telephone)),
        "second": Bidder(browse(390, 844, **telephone)),
        "reader": Follower(browse(1280, 900)),
        "curious": Curious(browse(1280, 900)),
    }
    for person in found.values():
        person.page.set_default_timeout(30_000)
    for name in ("official", "curious"):
        found[name].enter(accounts[name].email)
    return found


def test_service_is_ordered_and_proposals_are_sealed(people, accounts, passing_time, marks, live):
    official, first, second, reader, curious = people.values()

    find_the_need_and_decide(official, reader)
    number = call(official, passing_time)
    rebuild(live)
    follow_without_an_account(reader, number, passing_time)
    first.begin(number, accounts["first"].email)
    second.begin(number, accounts["second"].email)
    ask_and_answer(first, official, reader, number)
    file_with_a_lost_page(first, marks)
    file_with_a_lost_network(second, marks)
    change_and_confirm_again(official, first, second, accounts, passing_time)
    extend_and_tell(official, reader, number, passing_time)
    nothing_is_told(curious, number, marks)
    come_too_late(first, second, accounts, passing_time)
    close_by_the_clock(first, reader, number, passing_time)
    curious.enter(accounts["curious"].email, accounts["codes"]["curious"])
    nothing_is_told(curious, number, marks)
    open_before_witnesses(official, reader, number, accounts, passing_time, marks)

    assert audit.verify() is None


# --- from the need to the announcement -----------------------------------------------------------------------------


def find_the_need_and_decide(official: Commissioner, reader: Follower) -> None:
    official.page.get_by_role("link", name=_("Ordering services"), exact=True).first.click()
    official.tell_needs(("Самотні особи похилого віку", 412), ("Діти-сироти", 3), service=SERVICE, need=40, receive=12)
    assert NeedsAssessment.objects.get().figures.filter(persons=3).exists()
    official.enter_budget("5-12/VIII", "2026-12-19")
    reader.page.goto(f"/orders/{HROMADA}/")
    for words in (_("fewer than %(count)d") % {"count": 5}, "412", date_format(date(2027, 3, 1), "j E Y")):
        reader.sees(words)

    about = {"decided_on": "2027-01-14", "number": "17", "body": "Виконавчий комітет"}
    official.decide(SERVICE, GROUP, **about, url="https://dykanska.example/17")
    official.describe_service(
        SERVICE,
        GROUP,
        FORM,
        title=SPECIFIED,
        content="Прибирання, приготування їжі, купівля ліків.",
        categories="Самотні люди, яким потрібна допомога.",
        place="Диканська громада",
        service_from="2027-06-01",
        service_to="2027-12-31",
        standard="Державний стандарт догляду вдома",
        quality="Не рідше двох разів на тиждень.",
        tariff="180",
        tariff_act="рішення виконкому від 12.01.2027 № 8",
    )
    reader.page.reload()
    reader.sees("№ 17")
    assert OrderDecision.objects.get().items.get().specifications.get().ceiling == 324_000


def call(official: Commissioner, time: PassingTime) -> str:
    """Fill in the call; the first timetable breaks a rule and is refused by its name, the second is announced."""
    official.enter_body(
        code=next_edrpou(),
        name="Виконавчий комітет Диканської селищної ради",
        address="Диканька, вул. Незалежності, 133",
        phone="+380535191234",
        email="order@dykanska.example",
    )
    official.begin_call(TITLE)
    official.do_task(_("About the competition"), legal_ground="Постанова № 450", budget_limit="324 000")
    official.choose_lot(SPECIFIED)
    official.do_task(
        _("Conditions and contacts"),
        requirements="Надавач із Реєстру.",
        documents_note="Статут.",
        submission_note="Через портал.",
        opening_place="Диканька, мала зала",
        contact_name="Олена Коваль",
        contact_phone="+380535191234",
    )
    official.add_contract("проєкт-договору.pdf")
    plan = timetable(time.now(), days=7)
    official.do_task(_("Timetable"), **plan)
    broken = DeadlineRule.objects.get(profile__authority=HROMADA, code="proposals-window")
    summary = official.main.get_by_role("alert")
    expect(summary).to_contain_text(broken.citation)
    expect(summary).to_contain_text(broken.action_label)
    assert Competition.objects.get().closes_at is None
    expect(official.named("award_on")).to_have_value("2027-03-15")

    official.fill(**timetable(time.now(), days=20))
    official.press(_("Save and continue"))
    official.sees(_("The timetable is saved."))
    return official.announce()


def follow_without_an_account(reader: Follower, number: str, time: PassingTime) -> None:
    reader.page.goto("/competitions/")
    reader.follow(TITLE)
    citation = DeadlineRule.objects.get(profile__authority=HROMADA, code="proposals-window").citation
    for words in (number, SPECIFIED, "Диканська громада", citation):
        reader.sees(words)
    notice = reader.take_notice()
    assert number in notice and citation in notice and TITLE in notice
    closing = reader.take_calendar()[f"{number}-closes_at@localhost"]
    assert citation in closing["description"]
    reader.ask_for_news(READER, time.now)


def ask_and_answer(first: Bidder, official: Commissioner, reader: Follower, number: str) -> None:
    first.ask(number, QUESTION)
    official.answer(TITLE, ANSWER)
    reader.open_competition(number)
    for words in (QUESTION, ANSWER):
        reader.sees(words)
    expect(reader.page.locator("body")).not_to_contain_text(FIRST)


# --- proposals -----------------------------------------------------------------------------------------------------


def file_with_a_lost_page(bidder: Bidder, marks: Marks) -> None:
    """Lose the network in the middle of writing, and the page with it; nothing is lost with them."""
    bidder.page.goto(bidder.home)
    for code in ("about", "criteria", "experience", "staff"):
        bidder.fill_section(code, ANSWERS)
    bidder.open_section("service")
    typed = {"service/content": f"{marks.title}: прибирання.", "service/place": "Диканська громада"}
    bidder.write_offline(typed)
    proposal = Proposal.objects.get(organisation__name=FIRST)
    assert "service/content" not in read_copy(proposal).content

    bidder.open_anew()
    for path, text in typed.items():
        expect(bidder.named(path)).to_have_value(text)
    eventually(lambda: read_copy(Proposal.objects.get(pk=proposal.pk)).content.get("service/content"))
    bidder.page.goto(bidder.home)
    finish(bidder, marks, {path: value for path, value in ANSWERS.items() if path not in typed})


def file_with_a_lost_network(bidder: Bidder, marks: Marks) -> None:
    """Lose the network for a while: what was written goes to the portal by itself as soon as it is back."""
    bidder.page.goto(bidder.home)
    bidder.open_section("criteria")
    bidder.write_offline({"criteria/base": f"{marks.title}: два велосипеди."})
    bidder.window.set_offline(False)
    bidder.state_line_says("saved")
    told = read_copy(Proposal.objects.get(organisation__name=SECOND)).content
    assert told["criteria/base"].startswith(marks.title)
    bidder.page.goto(bidder.home)
    others = {path: value for path, value in ANSWERS.items() if path != "criteria/base"}
    for code in ("about", "criteria", "experience", "staff"):
        bidder.fill_section(code, others)
    finish(bidder, marks, others)


def finish(bidder: Bidder, marks: Marks, answers: dict[str, Any]) -> None:
    for code in ("service", "offer", "statements"):
        bidder.fill_section(code, answers)
    statute = pdf_file(f"{marks.document}.pdf", f"\n% {marks.inside}\n%%EOF\n")
    bidder.attach({"statute": statute, "no_debt": pdf_file("довідка.pdf")})
    digest = bidder.submit()
    assert digest in pdf_words(bidder.download(_("Take the receipt (PDF)"))).replace(" ", "")
    entry = LogEntry.objects.filter(tag="procurement:proposal:submit").latest("seq")
    assert json.loads(entry.payload) == {"commitment": digest}


def change_and_confirm_again(
    official: Commissioner, first: Bidder, second: Bidder, accounts: dict[str, Any], time: PassingTime
) -> None:
    """Unsettle what was submitted: the first bidder stands by it, the second one writes another and submits it."""
    official.change(TITLE, "Уточнено за запитаннями.", requirements=CHANGED)
    bring_the_post(time.now)
    states = Proposal.objects.values_list("state", flat=True)
    assert set(states.all()) == {"unconfirmed"}
    for name, bidder in (("first", first), ("second", second)):
        assert bidder.home in received(accounts[name].email)[-1]
        bidder.read_the_change()
        bidder.sees(CHANGED)

    first.press(_("Confirm what I submitted"))
    first.sees(_("The proposal is confirmed and counts again."))
    second.follow(_("Change it and submit again"))
    second.fill_section("service", {"service/place": "Диканька і хутори"})
    second.submit(button=_("Submit in place of what was submitted"))
    assert set(states.all()) == {"submitted"}
    counts = dict(Proposal.objects.values_list("organisation__name", "revisions__number").order_by("revisions"))
    assert counts == {FIRST: 1, SECOND: 2}


def extend_and_tell(official: Commissioner, reader: Follower, number: str, time: PassingTime) -> None:
    """Move the end: a calendar that has the entries moves them, the reader gets one letter and stops by it."""
    reader.open_competition(number)
    former, letters = reader.take_calendar(), len(received(READER))
    kept = Competition.objects.get()
    points = ("closes_at", "hold_until", "opening_at")
    later = {point: getattr(kept, point) + timedelta(days=3) for point in points}
    official.extend(TITLE, "Мало часу на підготовку.", **later)
    bring_the_post(time.now)

    moved = reader.take_calendar()
    assert moved.keys() == former.keys()
    assert all(moved[uid]["sequence"] == former[uid]["sequence"] + 1 for uid in moved)
    for point in points:
        uid = f"{number}-{point}@localhost"
        assert moved[uid]["dtstart"].dt - former[uid]["dtstart"].dt == timedelta(days=3)
    assert len(received(READER)) == letters + 1
    reader.stop_news(READER)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"submitted"}
