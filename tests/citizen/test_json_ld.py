"""Cards for machines: valid schema.org, and nothing that the card itself does not show."""

import json
import re
import subprocess
import sys

import pytest
from django.test import Client

from registry.domain.standing import suspend_entry
from tests.citizen.conftest import SECRET, key
from tests.conftest import ROOT
from tests.factories.registry import NOW, REGISTRAR, make_provider

pytestmark = pytest.mark.django_db

CHECKER = ROOT.parent / "shared" / "standards" / "schemaorg_check.py"


def graph(client: Client, entry) -> list[dict]:
    page = client.get(f"/registry/{entry.number}/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)["@graph"]


def test_json_ld_tells_the_provider_and_its_services(client: Client, register):
    provider, service = graph(client, register[0])

    assert provider["@type"] == "GovernmentOrganization"
    assert provider["identifier"]["value"] == register[0].organisation.code
    assert (service["@type"], service["name"]) == ("GovernmentService", "Догляд вдома")
    assert service["@id"].endswith(f"#{key(register[0])}")
    (channel,) = service["availableChannel"]
    assert channel["serviceLocation"]["address"]["streetAddress"] == "вул. Незалежності, 133"
    assert {one["name"]: one["value"] for one in channel["serviceLocation"]["amenityFeature"]}["Пандус"] is True


def test_json_ld_of_a_confidential_address_tells_the_telephone_alone(client: Client, register):
    provider, service = graph(client, register[1])

    told = json.dumps([provider, service], ensure_ascii=False)
    assert (provider["@type"], service["@type"]) == ("NGO", "Service")
    assert SECRET not in told
    assert "49.59" not in told
    assert "Полтава" not in told
    assert "+380500000002" not in told
    assert "serviceLocation" not in told
    assert service["offers"]["price"] == "0"
    assert service["areaServed"]["name"] == "Україна"


def test_json_ld_cannot_be_ended_by_a_name(client: Client, register):
    entry = make_provider(name="ГО </script><script>alert(1)</script> & Ко")

    provider, _service = graph(client, entry)

    assert provider["name"] == "ГО </script><script>alert(1)</script> & Ко"


def test_json_ld_is_silent_of_who_is_not_in_good_standing(client: Client, register):
    suspend_entry(entry_id=register[0].pk, actor=REGISTRAR, ground="скарга", now=NOW)

    assert "ld+json" not in client.get(f"/registry/{register[0].number}/").content.decode()


@pytest.mark.shared
def test_json_ld_is_schema_org(client: Client, register, tmp_path):
    if not CHECKER.exists():
        pytest.skip(f"no checker of schema.org at {CHECKER}")
    pytest.importorskip("rdflib", reason="the checker of schema.org needs rdflib")
    pages = [client.get(f"/registry/{entry.number}/").content.decode() for entry in register]
    file = tmp_path / "cards.html"
    file.write_text("\n".join(pages), encoding="utf-8")

    checked = subprocess.run(
        [sys.executable, str(CHECKER), str(file), "GovernmentService", "GovernmentOrganization", "NGO"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
