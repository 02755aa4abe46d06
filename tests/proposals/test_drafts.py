"""Drafts of proposals: begun by those who may, saved field by field, of two editors nothing is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from portal.accounts.models import Mandate
from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.workflow import StepRefused
from procurement.domain.proposals.drafts import acknowledge_announcement, start_proposal
from procurement.domain.seal.working_copies import read_copy
from procurement.models import Competition, Proposal
from registry.domain.records import ContactRecord
from registry.domain.standing import suspend_entry
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.ordering import NOW
from tests.factories.procurement import change, close, make_bidder, make_published, make_question
from tests.factories.proposals import attach, begin, submit, write
from tests.factories.registry import REGISTRAR, make_provider, next_edrpou
from tests.proposals.conftest import AT

pytestmark = pytest.mark.django_db

# --- beginning -----------------------------------------------------------------------------------------------------


def test_draft_begins_with_what_the_register_knows(competition):
    contacts = [
        ContactRecord("phone", "+380501234567"),
        ContactRecord("phone", "+380509999999", private=True),
        ContactRecord("email", "office@provider.example"),
        ContactRecord("head", "Коваленко Олена"),
    ]
    entry = make_provider(contacts=contacts)
    person = make_person()
    make_mandate(person, entry.organisation)

    proposal = begin(competition, entry.organisation, person, now=AT)

    content = read_copy(proposal).content
    assert content["about/title"] == entry.organisation.name
    assert content["about/code"] == entry.organisation.code
    assert content["about/phone"] == "+380501234567"
    assert content["about/email"] == "office@provider.example"
    assert content["about/head"] == "Коваленко Олена"
    assert content["criteria/services"]
    assert "+380509999999" not in str(content)


def test_organisation_has_one_proposal_in_a_competition(bidder):
    again = begin(bidder.competition, bidder.organisation, bidder.colleague_user, now=AT)

    assert again.pk == bidder.proposal.pk
    assert Proposal.objects.count() == 1


def test_nobody_begins_for_a_strange_organisation(competition):
    organisation, _user = make_bidder()

    with pytest.raises(StepRefused):
        begin(competition, organisation, make_person(), now=AT)


def test_provider_out_of_standing_does_not_begin(competition):
    entry = make_provider()
    person = make_person()
    make_mandate(person, entry.organisation)
    suspend_entry(entry_id=entry.pk, actor=REGISTRAR, ground="скарга", now=NOW)

    with pytest.raises(StepRefused):
        begin(competition, entry.organisation, person, now=AT)
    assert not Proposal.objects.exists()


def test_organisation_outside_the_register_does_not_begin(competition):
    organisation, person = make_organisation(code=next_edrpou()), make_person()
    make_mandate(person, organisation)

    with pytest.raises(StepRefused):
        begin(competition, organisation, person, now=AT)


@pytest.mark.parametrize("when", ["before it opens", "at the end", "after the end"])
def test_nothing_is_begun_while_proposals_are_not_accepted(when):
    competition = make_published(opens_at=NOW + timedelta(days=2))
    organisation, user = make_bidder()
    at = {
        "before it opens": AT,
        "at the end": competition.closes_at,
        "after the end": competition.closes_at + timedelta(seconds=1),
    }[when]

    with pytest.raises(StepRefused):
        begin(competition, organisation, user, now=at)


def test_draft_or_unknown_competition_is_no_competition(bidder):
    with pytest.raises(Competition.DoesNotExist):
        start_proposal(
            user=bidder.user, competition_number="2027-99999", organisation_id=bidder.organisation.pk, now=AT
        )


def test_beginning_and_saving_write_nothing_for_others_to_read(competition):
    organisation, user = make_bidder()
    logged = LogEntry.objects.count()

    proposal = begin(competition, organisation, user, now=AT)
    write(proposal, user, {"service/place": "Диканька"}, now=AT)

    assert LogEntry.objects.count() == logged
    assert not OutboxMessage.objects.filter(payload__icontains=str(proposal.pk)).exists()


# --- saving --------------------------------------------------------------------------------------------------------


def test_save_sets_fields_and_makes_a_version(bidder):
    saved = bidder.write(service__content="Прибирання", criteria__income="1 000,5")

    assert (saved.version, saved.refused, saved.conflicts) == (2, {}, [])
    assert bidder.content["service/content"] == "Прибирання"
    assert bidder.content["criteria/income"] == "1000.50"


def test_saving_what_is_there_makes_no_version(bidder):
    bidder.write(service__content="Прибирання")

    saved = bidder.write(service__content=" Прибирання ")

    assert saved.version == bidder.version == 2


def test_refused_value_stands_beside_its_field_and_the_rest_is_saved(bidder):
    saved = bidder.write(criteria__income="багато", service__place="Диканька", no__such="x", documents__statute="x")

    assert set(saved.refused) == {"criteria/income", "no/such", "documents/statute"}
    assert bidder.content["service/place"] == "Диканька"
    assert "criteria/income" not in bidder.content


def test_two_editors_of_different_fields_lose_nothing(bidder):
    base = bidder.version
    bidder.write(service__content="перший")

    saved = write(bidder.proposal, bidder.colleague_user, {"service/place": "друге"}, now=AT, base=base)

    assert saved.conflicts == []
    assert (bidder.content["service/content"], bidder.content["service/place"]) == ("перший", "друге")


def test_two_editors_of_one_field_are_told(bidder):
    base = bidder.version
    bidder.write(service__content="перший")

    saved = write(bidder.proposal, bidder.colleague_user, {"service/content": "другий"}, now=AT, base=base)

    (conflict,) = saved.conflicts
    assert (conflict.mine, conflict.theirs, conflict.by) == ("другий", "перший", str(bidder.user))
    assert bidder.content["service/content"] == "перший"


def test_what_was_taken_out_meanwhile_is_told_too(bidder):
    bidder.write(service__content="був")
    base = bidder.version
    bidder.write(service__content=None)

    saved = bidder.write(base=base, service__content="зміна")

    assert [(one.mine, one.theirs) for one in saved.conflicts] == [("зміна", None)]


def test_same_word_of_two_editors_is_no_conflict(bidder):
    base = bidder.version
    bidder.write(service__content="однаково")

    assert (
        write(bidder.proposal, bidder.colleague_user, {"service/content": "однаково"}, now=AT, base=base).conflicts
        == []
    )


@pytest.mark.parametrize("base", [-1, 99])
def test_version_that_never_was_has_read_nothing(bidder, base):
    bidder.write(service__content="перший")

    assert bidder.write(base=base, service__content="другий").conflicts


def test_saving_again_at_the_version_told_is_a_knowing_choice(bidder):
    base = bidder.version
    bidder.write(service__content="перший")
    saved = bidder.write(base=base, service__content="другий")

    bidder.write(base=saved.version, service__content="другий")

    assert bidder.content["service/content"] == "другий"


def test_row_taken_out_leaves_nothing(bidder):
    bidder.write(**{"staff/people/1/position": "а", "staff/people/1/number": "1", "staff/people/2/position": "б"})

    bidder.write(**{"staff/people/1/position": None, "staff/people/1/number": None})

    assert [path for path in bidder.content if path.startswith("staff/people/")] == ["staff/people/2/position"]


def test_too_much_text_is_refused_whole(bidder):
    rows = {f"experience/contracts/{row}/customer": "ї" * 300 for row in range(1, 100)}
    more = {f"staff/people/{row}/position": "ї" * 300 for row in range(1, 1500)}

    with pytest.raises(StepRefused):
        bidder.write(**rows, **more, **{f"staff/people/{row}/qualification": "ї" * 300 for row in range(1, 2500)})
    assert "experience/contracts/1/customer" not in bidder.content


@pytest.mark.parametrize("by", ["editor", "stranger", "administrator", "commissioner", "former"])
def test_who_may_write(bidder, by):
    people = {
        "editor": lambda: bidder.colleague_user,
        "stranger": make_person,
        "administrator": lambda: make_official("administrator"),
        "commissioner": lambda: bidder.competition.created_by,
        "former": lambda: bidder.user,
    }
    person = people[by]()
    if by == "former":
        Mandate.objects.filter(person=person).update(valid_from=date(2025, 1, 1), valid_to=date(2025, 2, 1))
    if by == "editor":
        assert write(bidder.proposal, person, {"service/place": "x"}, now=AT).version == 2
        return

    with pytest.raises(PermissionDenied):
        write(bidder.proposal, person, {"service/place": "x"}, now=AT)


# --- the end -------------------------------------------------------------------------------------------------------


def test_nothing_is_written_from_the_very_moment_of_the_end(bidder):
    closes = bidder.competition.closes_at

    bidder.write(now=closes - timedelta(microseconds=1), service__place="вчасно")
    with pytest.raises(StepRefused):
        bidder.write(now=closes, service__place="запізно")

    assert bidder.content["service/place"] == "вчасно"


def test_unanswered_question_lets_write_on(bidder):
    make_question(bidder.competition)

    bidder.write(now=bidder.competition.closes_at + timedelta(hours=1), service__place="ще можна")

    assert bidder.content["service/place"] == "ще можна"


def test_nothing_is_written_once_the_close_is_written_down(bidder):
    close(bidder.competition)

    with pytest.raises(StepRefused):
        bidder.write(now=AT, service__place="запізно")


def test_submitted_proposal_may_be_written_on_until_the_end(full):
    submit(full.proposal, full.user, now=AT)

    full.write(service__place="Інше місце")

    assert full.content["service/place"] == "Інше місце"


# --- a changed announcement ----------------------------------------------------------------------------------------


def test_new_version_is_noted_as_read(bidder):
    change(bidder.competition, now=AT)

    acknowledge_announcement(proposal_id=bidder.proposal.pk, user=bidder.user, number=2, now=AT)

    bidder.proposal.refresh_from_db()
    assert bidder.proposal.competition_version.number == 2


def test_only_the_last_version_can_be_read(bidder):
    change(bidder.competition, now=AT)

    with pytest.raises(StepRefused):
        acknowledge_announcement(proposal_id=bidder.proposal.pk, user=bidder.user, number=1, now=AT)


def test_unsettled_proposal_is_confirmed_not_merely_read(full):
    submit(full.proposal, full.user, now=AT)
    change(full.competition, now=AT)

    with pytest.raises(PermissionDenied):
        acknowledge_announcement(proposal_id=full.proposal.pk, user=full.user, number=2, now=AT)


# --- what lies in the database -------------------------------------------------------------------------------------


def test_database_holds_nothing_of_what_was_written(bidder):
    bidder.write(service__content="Мітка-яблуко")

    row = Proposal.objects.filter(pk=bidder.proposal.pk).values().get()

    assert "Мітка-яблуко".encode() not in bytes(row["draft"])
    assert "Мітка-яблуко" not in str(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM kernel_outboxmessage")
        assert "Мітка-яблуко" not in str(cursor.fetchall())


def test_shipped_form_of_the_social_order_can_be_filled_and_submitted(full):
    revision = submit(full.proposal, full.user, now=AT)

    assert (revision.number, len(revision.commitment)) == (1, 64)
    full.proposal.refresh_from_db()
    assert full.proposal.state == "submitted"


def test_form_of_projects_can_be_filled_and_submitted():
    early = datetime(2026, 9, 20, 9, 0, tzinfo=UTC)
    year = {"service_from": date(2027, 1, 15), "service_to": date(2027, 12, 1)}
    competition = make_published(procedure="social-project", now=early, **year)
    organisation, user = make_bidder(legal_form="public_association")
    at = early + timedelta(days=1)
    proposal = begin(competition, organisation, user, now=at)
    lines = {
        "line": "Оплата фахівців",
        "quantity": "6",
        "price": "15000",
        "from_budget": "76500",
        "own": "13500,00",
    }
    content = {
        "about/registered_on": "12.03.2019",
        "about/head": "Левченко Ірина, голова",
        "about/phone": "+380501112233",
        "about/email": "office@turbota.example",
        "about/experience": "П’ять проєктів",
        "about/jointly": "no",
        "project/name": "Сусідська допомога",
        "project/priority": "Підтримка людей похилого віку",
        "project/problem": "Самотність",
        "project/goal": "Тридцять відвідувань на тиждень",
        "project/group": "Люди похилого віку",
        "project/people": "30",
        "project/from": competition.service_from.isoformat(),
        "project/to": competition.service_to.isoformat(),
        "plan/activities/1/what": "Набір волонтерів",
        "plan/activities/1/from": competition.service_from.isoformat(),
        "plan/activities/1/to": competition.service_to.isoformat(),
        "plan/results/1/result": "Люди не самі",
        "plan/results/1/indicator": "відвідувань",
        "plan/results/1/planned": "720",
        "plan/risks": "Мало волонтерів",
        "plan/sustainability": "Клуб сусідів",
        "team/people/1/role": "Керівниця",
        "team/people/1/experience": "10 років",
        **{f"budget/lines/1/{name}": value for name, value in lines.items()},
        "statements/true": "yes",
        "statements/single_source": "yes",
        "statements/publication": "yes",
    }
    assert write(proposal, user, content, now=at).refused == {}
    attach(proposal, user, now=at)

    assert submit(proposal, user, now=at).number == 1
