"""Blind scoring: whose proposal it is stands nowhere that a member reads, until the minutes are signed."""

import pytest
from django.urls import reverse

from procurement.enums import RoundState
from procurement.models import CompetitionVersion, EvaluationRound
from tests.factories.evaluation import make_opened, make_round
from tests.factories.proposals import PDF
from tests.scoring.worlds import attach_file, page_of, sheet_of

pytestmark = pytest.mark.django_db
TOLD = ("Вітроплет", "Левченко Ірина", "+380501112233", "office@turbota.example", "Статут-Вітроплету")


@pytest.fixture
def blind():
    competition = make_opened(proposals=2)
    version = competition.versions.get(number=1)
    version.frozen["policy"]["blind_scoring"] = True
    CompetitionVersion.objects.filter(pk=version.pk).update(frozen=version.frozen)
    first = competition.proposals.select_related("organisation").get(number=1)
    first.organisation.name = "ГО «Вітроплет»"
    first.organisation.save(update_fields=["name"])
    first.content["organisation"]["name"] = first.organisation.name
    first.content["content"] |= {
        "about/title": "ГО «Вітроплет»",
        "service/quality": "ГО «ВІТРОПЛЕТ» опитує щомісяця.",
    }
    first.file = attach_file(first, "Статут-Вітроплету.pdf", PDF)
    return make_round(competition, members=3), first


def url(name, round_, *more):
    return reverse(f"commission:{name}", args=[round_.competition_id, *more])


def test_member_reads_what_is_proposed_and_not_by_whom(blind, sign_in):
    round_, _first = blind
    client = sign_in(sheet_of(round_).member.user)
    page = page_of(client, url("proposal", round_, 1))

    assert [word for word in TOLD if word.lower() in page.lower()] == []
    assert "опитує щомісяця." in page
    assert "Індивідуальний план для кожного отримувача." in page
    for name, more in (("competition", ()), ("sheet", ()), ("score", (1, 1))):
        assert [word for word in TOLD if word in page_of(client, url(name, round_, *more))] == [], name


def test_file_is_handed_out_without_its_name(blind, sign_in):
    round_, first = blind

    answer = sign_in(sheet_of(round_).member.user).get(url("file", round_, 1, first.file))

    assert answer.content == PDF
    assert "utf-8''" not in answer["Content-Disposition"] or "%D1%82%D1%83%D1%82" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].endswith('.pdf"') or ".pdf" in answer["Content-Disposition"]


def test_names_stand_there_again_once_the_minutes_are_signed(blind, sign_in):
    round_, _first = blind
    EvaluationRound.objects.filter(pk=round_.pk).update(state=RoundState.MINUTED)

    page = page_of(sign_in(sheet_of(round_).member.user), url("proposal", round_, 1))

    assert [word for word in TOLD if word not in page] == []


def test_comparison_names_no_applicant_to_members(blind, sign_in):
    round_, first = blind
    for sheet in round_.sheets.all():
        sheet.state, sheet.filed_at, sheet.digest = "filed", round_.began_at, "0" * 64
        sheet.save()
    EvaluationRound.objects.filter(pk=round_.pk).update(state=RoundState.DISCUSSION)

    assert "Вітроплет" not in page_of(sign_in(sheet_of(round_).member.user), url("scores", round_))
    official = page_of(
        sign_in(round_.competition.created_by), reverse("commissioning:discussion", args=[first.competition_id])
    )
    assert "Вітроплет" in official
