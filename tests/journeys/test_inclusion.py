"""A civic organisation joins the register by itself: applies on a telephone, is examined, changes, leaves."""

import json

import pytest
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from playwright.sync_api import Error, expect

from portal.accounts.models import Claim, Mandate
from portal.kernel import audit
from portal.kernel.models import LogEntry, OutboxMessage
from portal.site.bootstrap import make_site
from registry.enums import ContactKind, Outcome
from registry.models import Application, Ground, RegisterEntry
from tests.factories.accounts import give_second_factor, make_official
from tests.factories.applications import make_criteria, make_rules
from tests.factories.registry import make_territories, next_edrpou
from tests.journeys.joining import Applicant, Official, Reader, eventually, letters_to, pdf_words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "olha@dobri-ruky.example"
ORGANISATION = "ГО «Добрі руки»"
SERVICE = "Догляд вдома"
PHONE, NEW_PHONE = "+380 53 519 00 00", "+380 53 519 11 11"
# what nobody but the organisation and officials may ever read
PRIVATE_PHONE, TAXPAYER = "+380 67 777 66 55", "3184710691"
GROUND = "Заява надавача про припинення діяльності."


@pytest.fixture
def office(transactional_db, live_server, settings):
    """Make the law, the places and two officials; the registrar may also approve, but never what was examined."""
    settings.PORTAL_BASE_URL = live_server.url
    make_site()
    make_criteria()
    make_rules(correction_days=10)
    Ground.objects.create(
        slug="own-wish", outcome=Outcome.EXCLUDE, text_uk=GROUND, act="99-2021", valid_from="2021-01-01"
    )
    place = make_territories().poltavska
    officials = {role: make_official(role, place) for role in ("registrar", "approver")}
    officials["registrar"].groups.add(Group.objects.get(name="approver"))
    for user in officials.values():
        give_second_factor(user)
    return officials


@pytest.fixture
def people(browse, office, patience):
    """Return the applicant before a telephone, the two officials signed in, and a reader without an account."""
    found = {
        "ngo": Applicant(browse(390, 844, is_mobile=True, has_touch=True)),
        "registrar": Official(browse(1280, 900)),
        "approver": Official(browse(1280, 900)),
        "reader": Reader(browse(1280, 900)),
    }
    for person in found.values():
        person.page.set_default_timeout(30_000)
    for role, user in office.items():
        found[role].enter(user.email)
    return found


def test_organisation_joins_changes_and_leaves(people):
    ngo, registrar, approver, reader = people.values()

    ngo.sign_up(EMAIL, "Ольга", "Марчук")
    ngo.make_organisation(next_edrpou(), ORGANISATION, f"Голова правління, протокол № 3. РНОКПП {TAXPAYER}.")
    number = apply_on_a_telephone(ngo)
    examine_with_a_correction(ngo, registrar, number)
    decide_by_another_person(registrar, approver)
    first = read_the_card(reader)
    second = change_the_data(ngo, registrar, approver, reader, first)
    leave_the_register(ngo, registrar, approver, reader, second)
    nothing_private_is_told(reader)

    assert audit.verify() is None


def apply_on_a_telephone(ngo: Applicant) -> str:
    ngo.go_home()
    ngo.press(_("Apply for inclusion"))
    ngo.tell_organisation("Доглядаємо людей удома з 2015 року.")
    ngo.tell_address("Диканька", "вул. Незалежності", "133")
    ngo.tell_contacts(
        (ContactKind.PHONE, PHONE, False),
        (ContactKind.PHONE, PRIVATE_PHONE, True),
        (ContactKind.HEAD, f"Марчук Ольга, {TAXPAYER}", True),
    )
    ngo.begin_service("home-care", "Прибирання, їжа, ліки.")
    write_without_network(ngo, {"conditions": "Заява.", "capacity": "12"})
    ngo.end_service("Диканська", "вул. Незалежності, 133")
    ngo.confirm_criteria(SERVICE)
    ngo.consent()
    ngo.submit()

    application = Application.objects.get()
    assert application.steps.filter(step="submit").count() == 1
    ngo.sees(application.number)
    assert application.number in pdf_words(ngo.download(_("Take the receipt (PDF)")))
    return application.number


def write_without_network(ngo: Applicant, answers: dict[str, str]) -> None:
    """Go on writing while there is no network, lose the page, and find everything when the network is back."""
    address = ngo.page.url
    ngo.state_line_says("saved")
    ngo.window.set_offline(True)
    for name, text in answers.items():
        ngo.named(f"services/1/{name}").fill(text)
    ngo.state_line_says("offline")
    ngo.save()
    ngo.state_line_says("offline")
    told = Application.objects.get().content
    assert not [name for name in answers if f"services/1/{name}" in told]
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        ngo.page.reload()
    ngo.page.close()

    ngo.window.set_offline(False)
    ngo.page = ngo.window.new_page()
    ngo.page.set_default_timeout(30_000)
    ngo.page.goto(address)
    for name, text in answers.items():
        expect(ngo.named(f"services/1/{name}")).to_have_value(text)
    eventually(lambda: all(f"services/1/{name}" in Application.objects.get().content for name in answers))
    told = Application.objects.get().content
    assert {name: str(told[f"services/1/{name}"]) for name in answers} == answers
    assert told["services/1/content"] == "Прибирання, їжа, ліки."


def examine_with_a_correction(ngo: Applicant, registrar: Official, number: str) -> None:
    registrar.open_application(ORGANISATION)
    registrar.sees(number)
    expect(registrar.main).not_to_contain_text(PRIVATE_PHONE)
    registrar.take()
    registrar.ask_correction("services/1/conditions", "Які документи потрібні людині?")
    assert any("Які документи" in letter or number in letter for letter in letters_to(EMAIL))

    ngo.go_home()
    ngo.main.get_by_role("link", name=number).first.click()
    ngo.sees("Які документи потрібні людині?")
    assert ngo.main.locator("form.answers textarea").count() == 1
    ngo.field(_("Conditions")).fill("Заява, паспорт, довідка про доходи.")
    ngo.press(_("Save and send back to the registrar"))
    ngo.sees(_("The corrected application is with the registrar again."))


def decide_by_another_person(registrar: Official, approver: Official) -> None:
    registrar.open_application(ORGANISATION)
    registrar.sees("Заява, паспорт, довідка про доходи.")
    registrar.judge_all_met()
    registrar.propose(Outcome.INCLUDE)
    registrar.follow(_("Decide"))
    registrar.sees(_("You have examined this application, so another person decides on it."))
    expect(registrar.main.get_by_role("button")).to_have_count(0)
    assert Application.objects.get().state == "proposed"

    approver.open_application(ORGANISATION)
    approver.decide(Outcome.INCLUDE)
    assert Claim.objects.get().state == "confirmed"
    assert Mandate.objects.get().scope == "representative"


def read_the_card(reader: Reader) -> str:
    reader.find_card(ORGANISATION)
    for told in (PHONE, SERVICE, "Заява, паспорт, довідка про доходи.", RegisterEntry.objects.get().number):
        reader.sees(told)
    words, address = reader.take_extract()
    assert PHONE in words
    reader.verify(address, current=True)
    return address


def change_the_data(ngo: Applicant, registrar: Official, approver: Official, reader: Reader, first: str) -> str:
    ngo.go_home()
    ngo.press(_("Change the data"))
    ngo.follow(_("Contacts"))
    ngo.named("contacts/1/value").fill(NEW_PHONE)
    ngo.save()
    ngo.follow(_("Services"))
    ngo.follow(SERVICE)
    ngo.field(_("Places")).fill("15")
    ngo.save()
    ngo.follow(_("Back to the tasks"))
    ngo.consent()
    ngo.submit()

    registrar.open_application(ORGANISATION)
    registrar.take()
    for old, new in ((PHONE, NEW_PHONE), ("12", "15")):
        row = registrar.main.locator(".desk-changes tr", has=registrar.page.locator("del", has_text=old))
        expect(row.locator("ins")).to_have_text(new)
    registrar.propose(Outcome.AMEND)
    approver.open_application(ORGANISATION)
    approver.decide(Outcome.AMEND)

    reader.find_card(ORGANISATION)
    reader.sees(NEW_PHONE)
    words, second = reader.take_extract()
    assert NEW_PHONE in words
    reader.follow(_("History of changes"))
    for old, new in ((PHONE, NEW_PHONE), ("12", "15")):
        line = reader.main.locator(".changes li", has=reader.page.locator("del", has_text=old))
        expect(line.locator("ins")).to_have_text(new)
    reader.verify(first, current=False)
    reader.verify(second, current=True)
    return second


def leave_the_register(ngo: Applicant, registrar: Official, approver: Official, reader: Reader, second: str) -> None:
    ngo.go_home()
    ngo.press(_("Leave the register"))
    ngo.follow(_("Reason"))
    ngo.field(_("Why you leave the register")).fill("Припиняємо діяльність.")
    ngo.save()
    ngo.consent()
    ngo.submit()

    registrar.open_application(ORGANISATION)
    registrar.take()
    registrar.propose(Outcome.EXCLUDE, "Надавач подав заяву про припинення діяльності.")
    approver.open_application(ORGANISATION)
    approver.decide(Outcome.EXCLUDE)

    reader.page.goto(RegisterEntry.objects.get().get_absolute_url())
    reader.page.reload()
    reader.sees(_("The provider is no longer in the register."))
    reader.sees(GROUND)
    words, third = reader.take_extract()
    assert _("The provider is no longer in the register.") in words
    reader.verify(second, current=False)
    reader.sees(_("The provider is no longer in the register."))
    reader.verify(third, current=True)
    assert len(letters_to(EMAIL)) > Application.objects.count() * 3


def nothing_private_is_told(reader: Reader) -> None:
    """Look for what was planted in every letter, every entry of the log and on the public pages."""
    told = [json.dumps(row.payload, ensure_ascii=False) for row in OutboxMessage.objects.all()]
    told += [str(row) for row in LogEntry.objects.values_list()]
    card = RegisterEntry.objects.get().get_absolute_url()
    for address in (card, f"{card}history/", "/registry/", f"{card}extract.pdf"):
        answer = reader.page.request.get(address)
        told.append(pdf_words(answer.body()) if address.endswith(".pdf") else answer.text())
    assert not [text for text in told for secret in (PRIVATE_PHONE, TAXPAYER) if secret in text]
