"""The official's pages of admission and the bidder's page of a clarification, as they are used."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.kernel.calendar import KYIV
from procurement.domain.evaluation import clarifications
from procurement.enums import AdmissionState, ClarificationState, DefenceState
from procurement.models import Clarification, Competition, Defence
from tests.admission.conftest import make_desk
from tests.admission.test_admission import ITEMS, check
from tests.admission.test_clarifications import freeze
from tests.admission.test_rounds import put_recusal
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.evaluation import make_member
from tests.factories.proposals import PDF
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db


def url(desk, path=""):
    return f"/cabinet/commissioning/competitions/{desk.competition.pk}/{path}"


def page_of(desk, number=1, path=""):
    return url(desk, f"admission/{desk.admission(number).proposal_id}/{path}")


def checked(*, note="Перевірено.", **results):
    told = {f"result-{code}": results.get(code, "met") for code in ITEMS}
    return {**told, **{f"note-{code}": note for code in ITEMS}}


def typed(moment):
    return moment.astimezone(KYIV).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def official(desk, sign_in):
    return sign_in(desk.official)


def test_official_checks_and_admits(desk, official):
    page = official.get(page_of(desk))
    assert [row.code for row in page.context["form"].rows] == list(ITEMS)

    refused = official.post(page_of(desk), {**checked(ceiling="unclear"), "admit": "1"})
    assert refused.status_code == 422
    assert "Перевірено." in refused.content.decode()
    done = official.post(page_of(desk), {**checked(), "admit": "1"}, follow=True)

    assert desk.admission().state == AdmissionState.ADMITTED
    assert done.redirect_chain[-1][0] == url(desk, "admission/")
    assert official.get(page_of(desk)).context["is_stage"]


def test_official_refuses_and_takes_it_up_again(desk, official):
    onward = official.post(page_of(desk), {**checked(documents="not_met"), "refuse": "1"})
    assert onward.url == page_of(desk, path="refuse/")
    assert official.post(onward.url, {"reason": ""}).status_code == 422
    official.post(onward.url, {"ground": make_ground("rejection").pk, "reason": "Немає статуту."})
    assert desk.admission().state == AdmissionState.REJECTED
    assert "Немає статуту." in official.get(page_of(desk)).content.decode()

    assert official.post(page_of(desk, path="again/"), {"reason": " "}).status_code == 422
    official.post(page_of(desk, path="again/"), {"reason": "Статут був."})

    assert desk.admission().state == AdmissionState.PENDING


def test_official_asks_where_no_term_is_set_and_sees_the_answer(desk, official):
    page = official.get(page_of(desk, path="ask/"))
    assert "due_at" in page.context["form"].fields
    sent = {"named": ["experience/years", "staff/people/1/number"], "text": "Підтвердьте досвід."}
    wrong = official.post(page_of(desk, path="ask/"), {**sent, "due_at": typed(timezone.now() - timedelta(days=1))})
    assert wrong.status_code == 422
    assert wrong.context["form"].chosen == sent["named"]
    due = timezone.now() + timedelta(days=2)
    official.post(page_of(desk, path="ask/"), {**sent, "due_at": typed(due)})
    asked = Clarification.objects.get()
    assert asked.fields == sent["named"]
    waits = official.get(page_of(desk))
    assert waits.context["named"]

    clarifications.answer(
        clarification_id=asked.pk,
        user=desk.admission().proposal.created_by,
        values={"experience/years": "7"},
        files={},
        note="Сім років.",
        now=timezone.now(),
    )

    page = official.get(page_of(desk))
    (line,) = page.context["changes"]
    assert (line.before, line.after) == ("6", "7")
    assert not page.context["may_ask"]
    opened = official.get(url(desk, f"opening/{desk.admission().proposal_id}/"))
    assert "Сім років." in opened.content.decode()


def test_term_of_the_rules_takes_the_place_of_the_moment(desk, official):
    freeze(desk, term=(3, "calendar_days"))

    assert "due_at" not in official.get(page_of(desk, path="ask/")).context["form"].fields


@pytest.mark.parametrize("path", ["admission/", "admission/{proposal}/", "admission/{proposal}/ask/", "defences/"])
def test_pages_of_admission_are_only_for_officials_who_may_read(desk, sign_in, path):
    freeze(desk, has_defence=True)
    recused = make_official("commissioner", make_territories().dykanska)
    member = make_member(desk.round.commission, user=recused)
    address = url(desk, path.format(proposal=desk.admission().proposal_id))
    assert sign_in(recused).get(address).status_code == 404
    put_recusal(desk.round, member)
    strangers = [
        recused,
        make_official("commissioner", make_territories().odesa_hromada),
        make_official("auditor"),
        desk.round.commission.members.first().user,
        desk.admission().proposal.created_by,
    ]

    assert [sign_in(user).get(address).status_code for user in strangers] == [404] * 5
    assert sign_in(desk.official).get(address).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_admissions_asks_the_same_number_of_queries(sign_in, django_assert_num_queries, number):
    desk = make_desk(proposals=number)
    for one in range(1, number + 1):
        check(desk, desk.admission(one))
    client = sign_in(desk.official)
    client.get(url(desk, "admission/"))

    with django_assert_num_queries(15):
        page = client.get(url(desk, "admission/"))

    assert len(page.context["lines"]) == number


def test_defence_is_appointed_and_written_down_by_pages(sign_in):
    desk = make_desk(state="scoring", proposals=1)
    freeze(desk, has_defence=True)
    official, proposal = sign_in(desk.official), desk.admission().proposal
    here = url(desk, f"defences/{proposal.pk}/")
    assert official.post(here, {"at": "", "place": "", "schedule": "1"}).status_code == 422
    later = timezone.now() + timedelta(days=1)
    official.post(here, {"at": typed(later), "place": "мала зала", "schedule": "1"})
    defence = Defence.objects.get()
    assert proposal.organisation.name in official.get(url(desk, "defences/")).content.decode()
    Defence.objects.update(at=timezone.now() - timedelta(hours=1))

    assert official.post(here, {"held": "yes", "note": ""}).status_code == 422
    official.post(here, {"held": "no", "note": ""})

    defence.refresh_from_db()
    assert defence.state == DefenceState.ABSENT
    assert official.get(here).status_code == 200


def test_defences_have_no_page_where_the_rules_have_none(desk, official):
    assert official.get(url(desk, "defences/")).status_code == 404


# --- the bidder -------------------------------------------------------------------------------------------------------

NAMED = ["experience/years", "staff/people", "documents/statute"]


@pytest.fixture
def asked(desk):
    return clarifications.ask(
        admission_id=desk.admission().pk,
        user=desk.official,
        fields=NAMED,
        text="Підтвердьте досвід.",
        due_at=timezone.now() + timedelta(days=2),
        now=timezone.now(),
    )


@pytest.fixture
def bidder(asked, sign_in):
    return sign_in(asked.admission.proposal.created_by)


def answer_url(asked):
    return f"/cabinet/proposals/{asked.admission.proposal_id}/clarification/"


def test_bidder_is_led_to_the_request_and_answers_with_a_file(asked, bidder):
    proposal = asked.admission.proposal
    assert answer_url(asked) in bidder.get("/cabinet/").content.decode()
    assert answer_url(asked) in bidder.get(f"/cabinet/proposals/{proposal.pk}/").content.decode()
    page = bidder.get(answer_url(asked))
    assert [block.path for block in page.context["sheet"].blocks] == NAMED
    sent = {
        "experience/years": "7",
        "staff/people/1/position": "Соціальний робітник",
        "staff/people/1/number": "3,5",
        "staff/people/1/qualification": "Курси підвищення кваліфікації",
        "documents/statute": SimpleUploadedFile("Статут.pdf", PDF),
        "note": "Сім років.",
        "send": "1",
    }

    bidder.post(answer_url(asked), sent)

    asked.refresh_from_db()
    assert asked.state == ClarificationState.ANSWERED
    assert set(asked.answers) == {"experience/years", "documents/statute"}
    key = asked.answers["documents/statute"]["after"]
    assert bidder.get(f"/cabinet/proposals/{proposal.pk}/files/{key}/").content == PDF
    done = bidder.get(answer_url(asked))
    assert [line.after for line in done.context["changes"]] == ["7", "Статут.pdf"]


def test_added_row_is_shown_again_and_sent_only_with_the_answer(asked, bidder):
    page = bidder.get(answer_url(asked))
    table = page.context["sheet"].blocks[1]
    offered = table.rows[-1].key
    sent = {"experience/years": "6", f"staff/people/{offered}/position": "Водій", "note": "Ще один працівник."}

    again = bidder.post(answer_url(asked), {**sent, "stay": "staff/people"})

    assert len(again.context["sheet"].blocks[1].rows) == len(table.rows) + 1
    assert "Ще один працівник." in again.content.decode()
    asked.refresh_from_db()
    assert asked.state == ClarificationState.ASKED
    bidder.post(answer_url(asked), sent)
    asked.refresh_from_db()
    assert asked.answers == {f"staff/people/{offered}/position": {"before": None, "after": "Водій"}}


def test_wrong_answer_is_shown_with_its_reason_and_all_that_was_typed(asked, bidder):
    page = bidder.post(answer_url(asked), {"experience/years": "багато", "note": "Сім років."})

    assert page.status_code == 422
    assert "experience/years" in page.context["sheet"].errors
    assert all(words in page.content.decode() for words in ("багато", "Сім років."))
    assert bidder.post(answer_url(asked), {"experience/years": "6"}).context["reason"]
    bad = bidder.post(answer_url(asked), {"documents/statute": SimpleUploadedFile("Статут.pdf", b"MZ")})
    assert "documents/statute" in bad.context["sheet"].errors


def test_answer_after_the_end_is_not_taken(asked, bidder):
    Clarification.objects.filter(pk=asked.pk).update(due_at=timezone.now() - timedelta(seconds=1))

    page = bidder.post(answer_url(asked), {"experience/years": "7"})

    assert page.templates[0].name == "cabinet/proposals/clarified.html"
    asked.refresh_from_db()
    assert asked.state == ClarificationState.ASKED


def test_request_is_read_by_the_bidders_own_people_and_answered_by_who_may_sign(desk, asked, sign_in):
    helper = make_person()
    make_mandate(helper, asked.admission.proposal.organisation, scope="editor")
    strangers = [desk.official, desk.admission(2).proposal.created_by, make_person(), make_official("administrator")]
    assert [sign_in(user).get(answer_url(asked)).status_code for user in strangers] == [404] * 4

    page = sign_in(helper).post(answer_url(asked), {"experience/years": "7"})

    assert page.context["left"]
    asked.refresh_from_db()
    assert asked.state == ClarificationState.ASKED


def test_proposal_without_a_request_has_no_such_page(desk, sign_in):
    proposal = desk.admission().proposal
    client = sign_in(proposal.created_by)

    answer = client.get(f"/cabinet/proposals/{proposal.pk}/clarification/")

    assert answer.url == f"/cabinet/proposals/{proposal.pk}/"


def test_opened_competition_is_cancelled_from_its_page(desk, official):
    assert official.get(url(desk, "cancel/")).status_code == 200
    official.post(url(desk, "cancel/"), {"ground": make_ground("cancellation").pk, "reason": "Кошти зменшено."})

    assert Competition.objects.get(pk=desk.competition.pk).state == "cancelled"
