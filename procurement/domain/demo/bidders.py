"""Bidders of the demonstration: invented providers in good standing, their person, proposals written by the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import uuid4

from django.core.files.base import ContentFile

from portal.accounts.addresses import confirm_address
from portal.accounts.enums import LegalForm, MandateScope, PersonType
from portal.accounts.models import Mandate, Organisation, User
from portal.kernel import clock
from portal.kernel.calendar import day_of
from procurement.domain.demo.material import texts
from procurement.domain.proposals.drafts import attach_document, save_proposal, start_proposal
from procurement.domain.proposals.submitting import submit_proposal
from procurement.models import Competition, Proposal
from registry.enums import Standing

PERSON: Final = "bidder@demo.example"
_PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# a share of the ceiling that one more bidder asks less than the one before
_LESS: Final = Decimal("0.04")


def find_bidders(count: int, *, now: datetime) -> list[tuple[Organisation, User]]:
    """Return civic organisations of the demonstration that stand well, with the person who speaks for them all."""
    person = _person()
    rows = Organisation.objects.filter(
        is_demo=True,
        person_type=PersonType.LEGAL_ENTITY,
        legal_form__in=LegalForm.civil_society,
        entries__standing=Standing.INCLUDED,
    )
    found = list(rows.distinct().order_by("pk")[:count])
    for organisation in found:
        Mandate.objects.get_or_create(
            person=person,
            organisation=organisation,
            scope=MandateScope.REPRESENTATIVE,
            defaults={"valid_from": date(day_of(now).year, 1, 1)},
        )
    return [(organisation, person) for organisation in found]


def _person() -> User:
    person, is_new = User.objects.get_or_create(email=PERSON, defaults=texts()["bidder"])
    if is_new:
        # nobody signs in as this one
        person.set_unusable_password()
        person.save(update_fields=["password"])
        confirm_address(person)
    return person


def submit_some(
    competition: Competition,
    bidders: list[tuple[Organisation, User]],
    *,
    at: datetime,
    prices: Sequence[int] | None = None,
) -> None:
    """Let each of the bidders write a whole proposal and submit it at the moment, with the clock standing there.

    The later a bidder stands in the row the less is asked for; `prices` give other places in that row.
    """
    for place, (organisation, person) in enumerate(bidders):
        price = prices[place] if prices else place
        with clock.standing_at(at):
            proposal = start_proposal(
                user=person, competition_number=competition.number or "", organisation_id=organisation.pk, now=at
            )
            _write(proposal, person, price, at)
            proposal.refresh_from_db()
            submit_proposal(proposal_id=proposal.pk, user=person, draft_version=proposal.draft_version, key=uuid4())


def _write(proposal: Proposal, person: User, place: int, at: datetime) -> None:
    version = proposal.competition_version
    form = version.frozen["form"]["definition"]
    numbers = [str(lot["number"]) for lot in version.content["lots"]]
    values: dict[str, Any] = {"lots": numbers} if len(numbers) > 1 else {}
    files = []
    for path, field in _fields(form):
        if field["kind"] == "document":
            if field.get("required") and _applies(field):
                files.append(path)
        elif (field.get("required") or field["kind"] == "statement") and _applies(field) and not _is_known(field):
            values |= _answer(path, field, version.content)
    values |= _offer(version.content, place) if any(path == "offer/lots" for path, _field in _fields(form)) else {}
    values |= _budget(version.content, place) if any(path == "budget/lines" for path, _field in _fields(form)) else {}
    save_proposal(proposal_id=proposal.pk, user=person, base_version=proposal.draft_version, patch=values, now=at)
    for path in files:
        proposal.refresh_from_db()
        attach_document(
            proposal_id=proposal.pk,
            user=person,
            path=path,
            file=ContentFile(_PDF, f"{path.rpartition('/')[2]}.pdf"),
            base_version=proposal.draft_version,
            now=at,
        )


def _fields(form: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for section in form["sections"]:
        for field in section["fields"]:
            yield f"{section['code']}/{field['name']}", field


def _applies(field: Mapping[str, Any]) -> bool:
    """Say whether a field with a condition is asked for, where every yes-or-no question is answered with no."""
    when = field.get("when")
    return when is None or when.get("is") is False


def _is_known(field: Mapping[str, Any]) -> bool:
    """Say whether the register has filled the field in already."""
    return field.get("prefill") == "organisation_name"


def _answer(path: str, field: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    words, lot, name = texts()["proposal"], content["lots"][0], field["name"]
    dates = {"from": lot.get("service_from"), "to": lot.get("service_to"), "registered_on": "2019-05-14"}
    if field["kind"] == "table":
        asked = [column for column in field["columns"] if column.get("required")]
        return {f"{path}/1/{column['name']}": _cell(column, dates) for column in asked}
    if field["kind"] in ("choice", "choices"):
        first = field["options"][0]["code"]
        return {path: [first] if field["kind"] == "choices" else first}
    by_kind = {
        "yes_no": "no",
        "statement": "yes",
        "date": dates.get(name) or lot.get("service_from"),
        "number": "7",
        "money": "640000",
        "long_text": words["long"],
    }
    told = texts()["project"] | words["by_name"] | {"phone": "+380 50 000 00 00", "email": PERSON}
    return {path: by_kind.get(field["kind"]) or told.get(path) or told.get(name, words["text"])}


def _cell(column: Mapping[str, Any], dates: Mapping[str, Any]) -> str:
    if column["kind"] == "date":
        return dates["to" if column["name"] == "to" else "from"] or ""
    words = texts()["proposal"]
    by_kind = {"number": "4", "money": "1000"}
    return by_kind.get(column["kind"]) or words["cells"].get(column["name"], words["item"])


def _offer(content: Mapping[str, Any], place: int) -> dict[str, Any]:
    """Return the prices of every lot, each next bidder a little below the ceiling of the one before."""
    found: dict[str, Any] = {}
    for lot in content["lots"]:
        tariff = Decimal(str(lot["tariff"])) * (1 - _LESS * (place + 1))
        found[f"offer/lots/{lot['number']}/recipients"] = str(lot["recipients"])
        found[f"offer/lots/{lot['number']}/volume"] = str(lot["volume"])
        found[f"offer/lots/{lot['number']}/tariff"] = str(tariff.quantize(Decimal("0.01")))
    return found


def _budget(content: Mapping[str, Any], place: int) -> dict[str, Any]:
    """Return one line of a project's budget, paid to nine tenths by the hromada."""
    price = (Decimal(str(content["lots"][0]["ceiling"])) * (1 - _LESS * (place + 1))).quantize(Decimal(1))
    asked = (price * Decimal("0.9")).quantize(Decimal(1))
    row = {"line": texts()["proposal"]["item"], "quantity": "1", "price": str(price)}
    row |= {"from_budget": str(asked), "own": str(price - asked)}
    return {f"budget/lines/1/{name}": value for name, value in row.items()}
