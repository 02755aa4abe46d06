"""Private is private in a snapshot too: no byte of any file tells a secret or a number of few people."""

import re

import pytest

from portal.site.opendata.publishing import publish
from procurement.models import NeedsFigure, NeedsService, OrderItem
from registry.models import Availability, Service
from tests.contract_machine.test_small_numbers import SMALL, plant
from tests.factories.registry import NOW
from tests.snapshot.test_publishing import contents
from tests.test_privacy import CARER_NAME, HIDDEN_TOWN, SECRETS

pytestmark = pytest.mark.django_db
# what may differ because a number was planted: digests of things that contain it, and what follows from those
DIGEST = re.compile(rb"[0-9a-f]{64}")


def test_no_byte_tells_a_secret(everything, tmp_path):
    publish(tmp_path / "one")

    # the codifier's list of settlements is public; that something is hidden in one of them is not
    known = {"tables/territories.csv": {HIDDEN_TOWN}, "tables/territories.json": {HIDDEN_TOWN}}
    leaks = {}
    for name, content in contents(tmp_path / "one").items():
        # digits stand by chance in digests
        text = DIGEST.sub(b"", content).decode()
        plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u04" in text else ""
        found = [one for one in SECRETS if one in text or one in plain]
        if set(found) - known.get(name, set()):
            leaks[name] = found
    assert leaks == {}
    assert CARER_NAME not in (tmp_path / "one/tables/providers.csv").read_text(encoding="utf-8")


def test_numbers_of_few_people_change_no_byte(everything, tmp_path):
    service = Service.objects.filter(entry__is_open=True).first()
    Availability.objects.create(
        service=service, free_places=1, waiting=1, assessment_first=False, reported_at=NOW, expires_on=NOW.date()
    )

    told = []
    for small in SMALL:
        plant(everything, small)
        plant_in_order(small)
        Availability.objects.update(waiting=small)
        publish(tmp_path / str(small))
        told.append({name: DIGEST.sub(b"", content) for name, content in contents(tmp_path / str(small)).items()})

    differing = {name for one in told[1:] for name in one if one[name] != told[0].get(name)}
    assert differing <= {"manifest.json", "SHA256SUMS"}


def plant_in_order(small):
    """Put a small number into needs and orders wherever numbers of people are kept."""
    NeedsFigure.objects.filter(label="Діти-сироти").update(persons=small)
    NeedsService.objects.update(need=40, receive=small)
    OrderItem.objects.update(recipients=small)
