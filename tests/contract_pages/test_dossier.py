"""The archive of a contract verifies without the portal, and one changed byte is named."""

import io
import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from hashlib import sha256

import pytest
from django.test import Client

from portal.kernel import audit
from portal.kernel.verification import issue
from procurement.domain.contracts.papers import CONTRACT_KIND
from tests.contract_pages.histories import amend, log, make_followed
from tests.factories.contracts import CONCLUDED

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    return amend(make_followed())


def fetch(contract, prefix="", **headers):
    return Client().get(f"{prefix}/contracts/{contract.number}/dossier.zip", headers=headers)


def content_of(contract) -> bytes:
    return b"".join(fetch(contract).streaming_content)


def unpack(contract, folder):
    zipfile.ZipFile(io.BytesIO(content_of(contract))).extractall(folder)
    return folder


def verify(folder, *arguments):
    """Run the script of the archive with nothing of the portal around it."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_archive_is_whole_and_the_same_bytes_for_everybody(contract, tmp_path):
    assert content_of(contract) == content_of(contract)
    assert b"".join(fetch(contract, "/en").streaming_content) == content_of(contract)
    assert fetch(contract, if_none_match=fetch(contract)["ETag"]).status_code == 304
    code, said = verify(unpack(contract, tmp_path))

    assert (code, said.startswith("whole:")) == (0, True)
    assert fetch(contract)["ETag"].strip('"') in said
    path = tmp_path.parent / "dossier.zip"
    path.write_bytes(content_of(contract))
    assert verify(tmp_path, str(path))[0] == 0


@pytest.mark.parametrize("name", ["contract.json", "index.html", "acts.csv", "log.jsonl", "manifest.json", "verify.py"])
def test_one_changed_byte_is_named(contract, tmp_path, name):
    unpack(contract, tmp_path)
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    # within a comment of the script, so that it still runs
    place = content.index(b"whole") if name == "verify.py" else len(content) // 2
    content[place] ^= 1
    path.write_bytes(bytes(content))
    code, said = verify(tmp_path)

    assert code == 1
    assert f"differs   {name}" in said


def test_missing_and_added_files_are_named(contract, tmp_path):
    unpack(contract, tmp_path)
    (tmp_path / "findings.json").unlink()
    (tmp_path / "acts" / "3.json").write_text("{}")
    code, said = verify(tmp_path)

    assert code == 1
    assert said.splitlines() == ["missing   findings.json", "added     acts/3.json"]


def test_entry_of_the_log_that_was_rewritten_with_its_manifest_is_named(contract, tmp_path):
    unpack(contract, tmp_path)
    path = tmp_path / "log.jsonl"
    path.write_text(path.read_text().replace("commissioner", "provider"))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    row = next(one for one in manifest["files"] if one["name"] == "log.jsonl")
    content = path.read_bytes()
    row |= {"sha256": sha256(content).hexdigest(), "size": len(content)}
    manifest.pop("digest")
    manifest["digest"] = audit.digest_of(manifest)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (tmp_path / "manifest.json").write_text(text)
    code, said = verify(tmp_path)

    assert code == 1
    assert "log.jsonl, line 1, entry" in said


def test_broken_archive_is_no_traceback(contract, tmp_path):
    unpack(contract, tmp_path)
    path = tmp_path.parent / "broken.zip"
    content = bytearray(content_of(contract))
    content[200] ^= 1
    path.write_bytes(bytes(content))
    code, said = verify(tmp_path, str(path))

    assert code == 1
    assert "differs" in said


def test_figures_of_page_api_and_archive_agree(contract, tmp_path):
    unpack(contract, tmp_path)
    told = json.loads((tmp_path / "contract.json").read_text())
    answer = Client().get(f"/api/v1/contracts/{contract.number}").json()
    contract.refresh_from_db()

    assert Decimal(told["accepted_uah"]) == contract.accepted == sum(Decimal(act["accepted"]) for act in told["acts"])
    assert Decimal(told["paid_uah"]) == contract.paid
    for name in ("acts", "findings", "lines", "milestones", "funding", "versions", "reports"):
        assert told[name] == answer[name] or name == "versions"
    version = json.loads((tmp_path / "versions" / "2.json").read_text())
    assert audit.digest_of(version) == contract.versions.get(number=2).digest
    course = told["figures"]["course"]
    assert Decimal(course[-1]["plan"]) == contract.sum


def test_paper_is_the_same_on_its_own_and_in_the_archive(contract, tmp_path):
    version = contract.versions.get(number=2)
    version.code = issue(
        kind=CONTRACT_KIND, subject=f"procurement.contract:{contract.number}", title="Договір", at=CONCLUDED
    )
    version.save(update_fields=["code"])
    unpack(contract, tmp_path)
    answer = Client().get(f"/contracts/{contract.number}/contract.pdf")

    assert answer.content == (tmp_path / "versions" / "2.pdf").read_bytes()
    again = Client().get(f"/contracts/{contract.number}/versions/2.pdf", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert Client().get(f"/contracts/{contract.number}/versions/3.pdf").status_code == 404
    assert verify(tmp_path)[0] == 0


def test_archive_changes_with_the_facts_alone(contract):
    before = fetch(contract)["ETag"]
    log(contract, "payment", "enter", 1)

    assert fetch(contract)["ETag"] != before
