"""A contract in force with its two sides: what tests of delivery begin with."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from portal.accounts.models import User
from portal.kernel import clock
from procurement.contract_enums import ContractVersionState
from procurement.models import Contract, ContractVersion
from tests.factories.contracts import NOW, make_contract

# terms in calendar days need no calendar of working ones
AGREED = {"report_unit": "calendar_days", "payment_unit": "calendar_days"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are compared in the words of the code; pages live on the day of the tests."""
    with translation.override("en"), clock.standing_at(NOW):
        yield


@dataclass
class Deal:
    contract: Contract
    official: User
    person: User


def make_deal(*args, **fields) -> Deal:
    contract = make_contract(*args, version=AGREED, **fields)
    return Deal(contract, contract.created_by, contract.contractor.mandates.first().person)


def sign_rows(version: ContractVersion) -> None:
    """Let a draft version be signed by both, without the use case."""
    signed = {"digest": "x", "offered_at": NOW, "signed_at": NOW, "reason": "Зміна."}
    ContractVersion.objects.filter(pk=version.pk).update(state=ContractVersionState.SIGNED, **signed)


@pytest.fixture
def deal(db) -> Deal:
    return make_deal()
