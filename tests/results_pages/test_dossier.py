"""The archive, the log and the API of a decided competition: anybody can recompute everything from them."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from django.test import Client

from portal.kernel import audit
from procurement.enums import CommissionState
from procurement.models import CompetitionCommission
from tests.factories.evaluation import make_commission
from tests.results_pages.decided import DAY, answer_appeal, decide_again, make_appeal, make_decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def competition():
    """Return one that was decided twice and whose appeal was dismissed."""
    found = make_decided(proposals=2)
    decide_again(found)
    at = found.decisions.latest("number").at
    answer_appeal(make_appeal(found, at=at + DAY), at=at + 2 * DAY, upheld=False)
    return found


def fetch(competition, language="uk", **headers):
    prefix = "" if language == "uk" else f"/{language}"
    return Client().get(f"{prefix}/competitions/{competition.number}/dossier.zip", headers=headers)


def unpack(response) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: archive.read(name) for name in archive.namelist()}


def test_archive_is_the_same_bytes_for_everybody_and_recomputes(competition, tmp_path):
    first, second = (b"".join(fetch(competition, language).streaming_content) for language in ("uk", "en"))
    assert first == second
    assert fetch(competition, if_none_match=fetch(competition)["ETag"]).status_code == 304
    zipfile.ZipFile(io.BytesIO(first)).extractall(tmp_path)

    assert subprocess.run([sys.executable, "verify.py"], cwd=tmp_path, capture_output=True, check=False).returncode == 0
    command = [sys.executable, "rank.py", "scores.csv", "rubric.json"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert made == (tmp_path / "ranking.csv").read_bytes()
    for decision in ("1", "2"):
        place = f"decisions/{decision}"
        command[2:] = [f"{place}/scores.csv", f"{place}/rubric.json"]
        made = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
        assert made == (tmp_path / place / "ranking.csv").read_bytes()


def test_archive_lists_the_digest_of_every_file(competition):
    found = unpack(fetch(competition))
    manifest = json.loads(found.pop("manifest.json"))
    assert {one["name"] for one in manifest["files"]} == set(found)
    sums = dict(line.split("  ")[::-1] for line in found.pop("SHA256SUMS").decode().splitlines())

    assert sums == {name: sha256(content).hexdigest() for name, content in found.items()}
    index = found["index.html"].decode()
    assert all(name in index for name in found if name != "index.html")
    assert all(value in index for name, value in sums.items() if name != "index.html")
    told = json.loads(found["decisions/2/decision.json"])
    assert audit.digest_of(told) == competition.decisions.get(number=2).digest
    minutes = next(name for name in found if name.startswith("minutes/") and name.endswith(".json"))
    assert audit.digest_of(json.loads(found[minutes])) == competition.decisions.first().minutes.digest
    assert json.loads(found["appeals.json"])[0]["answer"] == "Комісія не врахувала довідку."


def test_log_in_the_archive_verifies_entry_by_entry(competition):
    archive = unpack(fetch(competition))
    lines = [json.loads(line) for line in archive["log.jsonl"].decode().splitlines()]

    assert {line["tag"] for line in lines} >= {"procurement:competition:award", "procurement:appeal:dismiss"}
    for line in lines:
        *columns, digest = (line[name] for name in audit.COLUMNS)
        text = json.dumps(columns, separators=(",", ":"), ensure_ascii=False)
        assert sha256(text.encode()).hexdigest() == digest
    page = Client().get(f"/en/competitions/{competition.number}/log/").content.decode()
    assert all(f'id="entry-{line["seq"]}"' in page for line in lines)
    decision = competition.decisions.get(number=2)
    assert Client().get(f"/competitions/{competition.number}/results/1/minutes.json").status_code == 404
    for name in ("scores.csv", "ranking.csv"):
        answer = Client().get(f"/competitions/{competition.number}/results/1/{name}")
        assert answer.content == archive[f"decisions/1/{name}"]
    assert f"#entry-{decision.log_seq}" in Client().get(f"/competitions/{competition.number}/results/").content.decode()


def test_api_tells_the_result_with_every_score_and_reason(competition):
    answer = Client().get(f"/api/v1/competitions/{competition.number}?lang=en").json()
    result = answer["result"]

    assert answer["phase"] == "awarded"
    assert [one["number"] for one in result["decisions"]] == [2, 1]
    assert [one["is_in_force"] for one in result["decisions"]] == [True, False]
    (lot,) = result["lots"]
    assert [line["outcome"] for line in lot["ranking"]] == ["refused", "winner"]
    criterion = lot["ranking"][0]["criteria"][0]
    assert {"member", "points", "reason"} == set(criterion["points"][0])
    assert criterion["points"][0]["reason"] == "Підтверджено документами."
    digest = sha256(competition.decisions.get(number=2).ranking.encode()).hexdigest()
    assert result["files"]["ranking.csv"]["sha256"] == digest
    assert answer["appeals"][0]["state"] == "dismissed"


def test_api_lists_commissions_that_were_appointed():
    appointed = make_commission()
    draft = make_commission(state=CommissionState.DRAFT)
    answer = Client().get("/api/v1/commissions").json()

    assert [one["id"] for one in answer["results"]] == [appointed.pk]
    assert draft.pk not in {one["id"] for one in answer["results"]}
    assert [one["name"] for one in answer["results"][0]["members"]] == [one.name for one in appointed.members.all()]
    assert "email" not in json.dumps(answer)
    assert Client().get("/api/v1/commissions?hromada=UA00000000000000000").json()["total"] == 0


@pytest.mark.parametrize("item_count", [1, 3])
def test_commissions_ask_the_same_number_of_questions(client, django_assert_num_queries, item_count):
    for _one in range(item_count):
        make_commission()
    assert CompetitionCommission.objects.count() == item_count

    with django_assert_num_queries(3):
        client.get("/api/v1/commissions")


@pytest.mark.parametrize("item_count", [1, 3])
def test_competition_in_the_api_asks_the_same_number_of_questions(client, django_assert_num_queries, item_count):
    competition = make_decided(proposals=item_count)

    with django_assert_num_queries(15):
        client.get(f"/api/v1/competitions/{competition.number}")
