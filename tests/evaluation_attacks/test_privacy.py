"""What is published of a decision names no natural person, and no member where the rules do not; no cell is a formula."""

import csv
import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Organisation
from portal.kernel.models import LogEntry
from procurement import appeal_letters
from procurement.domain.evaluation.rankings import freeze_ranking
from procurement.domain.evaluation.scoring import file_sheet, return_sheet
from procurement.enums import AwardState, RoundState
from procurement.letters import decision_lines
from procurement.models import Appeal, Award, AwardDecision, CommissionMember, CompetitionVersion, ScoreSheet
from tests.appeals.deciding import make_decided as decided_rows
from tests.factories.evaluation import make_opened, make_round
from tests.results_pages.decided import DAY, make_appeal, make_decided
from tests.scoring.worlds import fill, sheet_of

pytestmark = pytest.mark.django_db
PERSON = "Вітроплет Явдоха Іванівна"


def test_natural_person_stands_in_no_result_by_name():
    competition = make_decided(proposals=2)
    keys = competition.proposals.values("organisation")
    Organisation.objects.filter(pk__in=keys).update(name=PERSON, code=None, person_type="natural_person")
    make_appeal(competition, at=competition.decisions.get().at + DAY)
    client, at = Client(), f"/competitions/{competition.number}"

    for address in (f"{at}/results/", f"{at}/", f"/api/v1{at}", f"{at}/scores.csv"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert PERSON.split(maxsplit=1)[0] not in answer.content.decode(), address
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"{at}/dossier.zip").streaming_content)))
    for name in archive.namelist():
        assert PERSON.encode() not in archive.read(name), name
    assert not any(PERSON in line for line in decision_lines(competition.decisions.get()))


def test_log_tells_nobody_whose_sheet_is_whose_where_members_are_not_named():
    round_ = make_round(make_opened(proposals=1), members=3)
    _with_policy(round_, names_members=False)
    for place in range(3):
        sheet = fill(sheet_of(round_, place))
        file_sheet(sheet_id=sheet.pk, user=sheet.member.user, version=sheet.version, now=round_.began_at)
    type(round_).objects.filter(pk=round_.pk).update(state=RoundState.DISCUSSION)
    sheet = sheet_of(round_)
    return_sheet(sheet_id=sheet.pk, user=round_.competition.created_by, reason="Описка.", now=round_.began_at)

    entries = list(LogEntry.objects.filter(tag__startswith="procurement:scoresheet:"))
    assert len(entries) == 4
    keys = {str(key) for key in ScoreSheet.objects.values_list("pk", flat=True)}
    for entry in entries:
        assert entry.actor_role not in ("commission-chair", "commission-secretary", "commission-deputy")
        assert json.loads(entry.payload)["id"] not in keys


def test_name_of_a_member_is_no_formula_in_the_scores():
    round_ = make_round(make_opened(proposals=1), state=RoundState.DISCUSSION)
    CommissionMember.objects.filter(commission=round_.commission, order=0).update(name='=HYPERLINK("http://x","y")')
    CommissionMember.objects.filter(commission=round_.commission, order=1).update(name="@SUM(A1)")

    for row in csv.reader(io.StringIO(freeze_ranking(round_).scores)):
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row if cell), row


@pytest.mark.parametrize("body", ['["1:1:x/reason","\\ud800"]', '["1:1:x/points","\\udfff"]'])
def test_half_a_character_is_answered_in_words(sign_in, body):
    round_ = make_round(make_opened(proposals=1), members=3)
    sheet = sheet_of(round_)
    code = round_.competition.versions.get(number=1).frozen["rubric"]["definition"]["criteria"][0]["code"]
    sent = f'{{"base_version": 0, "fields": {{"1:1:{code}": [{body.replace("x", code)}]}}}}'
    url = reverse("commission:save", args=[round_.competition_id])

    answer = sign_in(sheet.member.user).post(url, sent, content_type="application/json")

    assert answer.status_code in (200, 400)


def test_letters_lead_to_the_decision_on_the_award():
    world = decided_rows()
    address = reverse("commissioning:award", args=[world.competition.pk])
    Award.objects.filter(pk=world.award.pk).update(state=AwardState.REFUSED, reason="Немає людей.")
    world.award.refresh_from_db()
    appeal = Appeal.objects.get(pk=world.appeal().pk)

    assert appeal_letters.award_answer_came(world.award).action.url.endswith(address)
    assert appeal_letters.decision_to_correct(appeal).action.url.endswith(address)
    assert AwardDecision.objects.count() == 1


def _with_policy(round_, **values):
    version = round_.competition.versions.get(number=1)
    version.frozen["policy"] |= values
    CompetitionVersion.objects.filter(pk=version.pk).update(frozen=version.frozen)
