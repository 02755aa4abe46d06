"""The bidder's pages without any script: from the conditions to the receipt, faults beside fields, nothing lost."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from procurement.models import Proposal
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.procurement import make_bidder, make_published
from tests.factories.proposals import COMPLETE, PDF, attach, begin, write
from tests.factories.registry import next_edrpou
from tests.proposals.conftest import AT
from tests.proposals.posting import hidden, post_section, section

ABOUT = {path: value for path, value in COMPLETE.items() if path.startswith("about/")}


# --- before a word is written --------------------------------------------------------------------------------------


def test_conditions_are_shown_before_anything_is_begun(competition, sign_in, the_next_day):
    _organisation, user = make_bidder()
    client = sign_in(user)

    page = client.get(reverse("proposals:start", args=[competition.number]))

    assert page.status_code == 200
    assert (
        page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        or "no-store" in page["Cache-Control"]
    )
    assert page.context["requirements"] and not page.context["barred"]
    assert not Proposal.objects.exists()


def test_who_does_not_meet_a_condition_begins_nothing(competition, sign_in, the_next_day):
    organisation, user = make_organisation(code=next_edrpou()), make_person()
    make_mandate(user, organisation)
    client = sign_in(user)
    url = reverse("proposals:start", args=[competition.number])

    page = client.get(url)
    answer = client.post(url, {"organisation": organisation.pk})

    assert page.context["barred"]
    assert (answer.status_code, Proposal.objects.count()) == (200, 0)


def test_one_press_begins_and_a_second_goes_on(competition, sign_in, the_next_day):
    organisation, user = make_bidder()
    client = sign_in(user)
    url = reverse("proposals:start", args=[competition.number])

    first = client.post(url, {"organisation": organisation.pk})
    second = client.post(url, {"organisation": organisation.pk})

    proposal = Proposal.objects.get()
    assert first.url == second.url == reverse("proposals:proposal", args=[proposal.pk])


def test_who_speaks_for_several_chooses_which_takes_part(competition, sign_in, the_next_day):
    organisation, user = make_bidder()
    other, _ = make_bidder()
    make_mandate(user, other)
    client = sign_in(user)
    url = reverse("proposals:start", args=[competition.number])

    assert client.get(url).context["chosen"] is None
    assert client.get(url, {"organisation": other.pk}).context["chosen"] == other
    assert client.get(url, {"organisation": "x" * 50}).context["chosen"] is None
    assert organisation != other


def test_competition_in_preparation_is_no_page(db, sign_in, the_next_day):
    client = sign_in(make_bidder()[1])

    assert client.get(reverse("proposals:start", args=["2027-77777"])).status_code == 404


# --- the task list -------------------------------------------------------------------------------------------------


def test_task_list_leads_to_every_section_and_tells_the_end(bidder):
    page = bidder.client.get(bidder.url())

    states = {task.code: task.state for task in page.context["tasks"]}
    assert states["about"] == "begun" and states["service"] == "empty" and states["partners"] == "free"
    text = page.content.decode()
    assert "data-portal-clock" in text and "11:00" in text
    assert all(bidder.client.get(task.url).status_code == 200 for task in page.context["tasks"])


@pytest.mark.parametrize("items", [1, 3])
def test_task_list_asks_the_database_as_often_however_much_there_is(bidder, django_assert_num_queries, items):
    for number in range(items):
        write(
            bidder.proposal,
            bidder.user,
            {f"staff/people/{number + 1}/position": "Посада"},
            now=AT,
        )
        attach(bidder.proposal, bidder.user, now=AT)
    bidder.client.get(bidder.url())

    with django_assert_num_queries(8):
        bidder.client.get(bidder.url())


# --- a section -----------------------------------------------------------------------------------------------------


def test_answers_are_saved_by_the_button_alone(bidder):
    answer = post_section(bidder, "about", ABOUT)

    assert (answer.status_code, answer.url) == (302, bidder.url())
    assert bidder.content["about/jointly"] is False
    assert bidder.content["about/contact"] == "Левченко Ірина"


def test_fault_stands_beside_its_field_and_what_was_typed_stays(bidder):
    answer = post_section(
        bidder, "criteria", {"criteria/income": "багато", "criteria/base": "Офіс", "criteria/tax_debt": "no"}
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="багато"' in text and 'href="#f-criteria/income"' in text and 'aria-invalid="true"' in text
    assert bidder.content["criteria/base"] == "Офіс"


def test_fresh_page_reproaches_nobody_and_the_way_from_the_check_does(bidder):
    assert section(bidder, "service").context["sheet"].errors == {}

    asked = bidder.client.get(bidder.url("section/service/?missing=1")).context["sheet"].errors

    assert set(asked) == {"service/content", "service/place", "service/from", "service/quality"}


def test_question_that_an_answer_brings_forth_is_shown_at_once(bidder):
    page = section(bidder, "criteria")
    answer = post_section(bidder, "criteria", {"criteria/tax_debt": "yes"}, page=page)

    assert answer.url == bidder.url("section/criteria/")
    control = next(one for one in section(bidder, "criteria").context["sheet"].blocks if one.path.endswith("debt_note"))
    assert control.is_asked


def test_table_adds_up_without_a_script(bidder):
    values = {
        "offer/lots/1/recipients": "20",
        "offer/lots/1/volume": "1800",
        "offer/lots/1/tariff": "175,505",
        "stay": "offer/lots",
    }
    refused = post_section(bidder, "offer", values)
    answer = post_section(bidder, "offer", {**values, "offer/lots/1/tariff": "175,50"})

    text = bidder.client.get(answer.url).content.decode()
    assert refused.status_code == 422
    assert answer.url == bidder.url("section/offer/")
    assert text.count("315\xa0900,00") >= 2


def test_price_above_the_ceiling_is_said_beside_the_sum(bidder):
    post_section(bidder, "offer", {"offer/lots/1/volume": "1800", "offer/lots/1/tariff": "200"})

    errors = section(bidder, "offer").context["sheet"].errors

    assert "offer/lots/1/cost" in errors
    assert "360\xa0000,00" in errors["offer/lots/1/cost"]


def test_rows_are_added_one_after_another_and_taken_out(bidder):
    for position in ("Соціальний робітник", "Психолог"):
        page = section(bidder, "staff")
        offered = next(row for row in page.context["sheet"].blocks[0].rows if row.is_offered)
        rows = {
            control.path: control.value
            for row in page.context["sheet"].blocks[0].rows
            for control in row.cells
            if control.kind != "calculated"
        }
        values = {**rows, f"staff/people/{offered.key}/position": position, "stay": "staff/people"}
        assert post_section(bidder, "staff", values, page=page).status_code == 302
    keys = [row.key for row in section(bidder, "staff").context["sheet"].blocks[0].rows]
    assert len(keys) == 3

    post_section(
        bidder,
        "staff",
        {
            f"staff/people/{keys[0]}/position": "Соціальний робітник",
            f"staff/people/{keys[1]}/position": "Психолог",
            "drop": f"staff/people/{keys[0]}",
        },
    )

    assert [value for path, value in bidder.content.items() if path.endswith("/position")] == ["Психолог"]


def test_two_people_are_offered_rows_of_their_own(bidder):
    def offered(client):
        return section(bidder, "staff", client).context["sheet"].blocks[0].rows[-1].key

    assert offered(bidder.client) != offered(bidder.colleague)


def test_two_windows_are_shown_both_versions(bidder):
    first, second = section(bidder, "service"), section(bidder, "service", bidder.colleague)
    post_section(bidder, "service", {"service/content": "перша", "service/place": "Диканька"}, page=first)

    answer = post_section(
        bidder, "service", {"service/content": "друга", "service/quality": "ні"}, page=second, client=bidder.colleague
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "перша" in text and "друга" in text
    assert bidder.content == {
        **bidder.content,
        "service/content": "перша",
        "service/place": "Диканька",
        "service/quality": "ні",
    }
    chosen = {
        "version": hidden(answer, "version"),
        "path-0": "service/content",
        "mine-0": json.dumps("друга"),
        "choice-0": "mine",
        "next": bidder.url(),
    }
    assert bidder.colleague.post(bidder.url("conflicts/"), chosen).url == bidder.url()
    assert bidder.content["service/content"] == "друга"


def test_choice_leads_to_no_other_host(bidder):
    answer = bidder.client.post(bidder.url("conflicts/"), {"next": "https://evil.example/"})

    assert answer.url == bidder.url()


def test_lots_are_chosen_where_there_are_several(sign_in, the_next_day):
    competition = make_published(lots=2)
    organisation, user = make_bidder()
    proposal = begin(competition, organisation, user, now=AT)
    client, url = sign_in(user), f"/cabinet/proposals/{proposal.pk}/"
    page = client.get(f"{url}section/lots/")
    base = {"version": hidden(page, "version"), "base": hidden(page, "base")}

    client.post(f"{url}section/lots/", {**base, "lots": ["2"]})

    rows = client.get(f"{url}section/offer/").context["sheet"].blocks[0].rows
    assert [row.key for row in rows] == ["2"]
    assert client.post(f"{url}section/lots/", {**base, "lots": ["9"]}).status_code in (409, 422)


# --- documents -----------------------------------------------------------------------------------------------------


def test_document_goes_up_comes_back_and_goes_away(bidder):
    file = SimpleUploadedFile("Статут.pdf", PDF, "application/pdf")
    post_section(bidder, "documents", {"documents/statute": file, "stay": "1"})
    key = bidder.content["documents/statute"]

    back = bidder.client.get(bidder.url(f"files/{key}/"))
    assert back.content == PDF
    assert back["Content-Disposition"].startswith("attachment") and "no-store" in back["Cache-Control"]
    assert back["X-Content-Type-Options"] == "nosniff"

    post_section(bidder, "documents", {"drop": "documents/statute"})
    assert "documents/statute" not in bidder.content


def test_wrong_document_is_refused_beside_its_field(bidder):
    file = SimpleUploadedFile("Статут.pdf", b"MZ no pdf", "application/pdf")

    answer = post_section(bidder, "documents", {"documents/statute": file})

    assert answer.status_code == 422
    assert list(answer.context["sheet"].errors) == ["documents/statute"]


# --- the draft as a file -------------------------------------------------------------------------------------------


def test_draft_goes_out_as_a_file_and_comes_back(full):
    out = full.client.get(full.url("export.json"))
    full.write(service__place="змінено після")
    file = SimpleUploadedFile("draft.json", out.content, "application/json")

    answer = full.client.post(full.url("file/"), {"file": file, "version": full.version})

    assert "no-store" in out["Cache-Control"]
    assert answer.status_code == 409 and "змінено після" in answer.content.decode()


def test_wrong_file_is_refused_with_the_reason(bidder):
    answer = bidder.client.post(bidder.url("file/"), {"file": SimpleUploadedFile("x.json", b"{}")})

    assert answer.status_code == 422 and answer.context["refusal"]


# --- what the script sends -----------------------------------------------------------------------------------------


def autosave(bidder, fields, *, base=None, client=None):
    body = {"base_version": bidder.version if base is None else base, "fields": fields, "here": bidder.url()}
    answer = (client or bidder.client).post(bidder.url("save/"), json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_autosave_tells_what_became_of_each_field_and_what_is_computed(bidder):
    status, told = autosave(
        bidder,
        {
            "offer/lots/1/volume": [["offer/lots/1/volume", "10"]],
            "offer/lots/1/tariff": [["offer/lots/1/tariff", "1,5"]],
            "offer/own": [["offer/own", "дещо"]],
        },
    )

    assert status == 200 and told["version"] == 2
    assert told["values"]["offer/lots/1/tariff"] == "1.50"
    assert list(told["refused"]) == ["offer/own"]
    assert told["sums"]["offer/lots/1/cost"] == told["sums"]["offer/total"] == "15,00"


def test_autosave_tells_which_questions_are_asked(bidder):
    _status, told = autosave(bidder, {"criteria/tax_debt": [["criteria/tax_debt", "yes"]]})

    assert told["asked"]["criteria/tax_debt_note"] is True


def test_autosave_shows_both_versions(bidder):
    base = bidder.version
    bidder.write(service__place="перше")

    status, told = autosave(bidder, {"service/place": [["service/place", "друге"]]}, base=base, client=bidder.colleague)

    assert (status, told["contested"]) == (200, ["service/place"])
    assert "перше" in told["panel"] and "друге" in told["panel"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"fields": []}', '{"fields": {"a": 1}, "base_version": {}}', "[" * 100_000]
)
def test_autosave_answers_anything_in_words(bidder, body):
    answer = bidder.client.post(bidder.url("save/"), body, content_type="application/json")

    assert answer.status_code in (200, 400)
    assert answer.json()


def test_nothing_typed_is_in_any_message(full):
    page = full.client.post(
        full.url("section/service/"), {"version": full.version, "service/place": "Мітка-яблуко"}, follow=True
    )

    assert all("Мітка-яблуко" not in str(message) for message in page.context["messages"])
