"""What comes out of contracts: files to sign, papers, templates, terms."""

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.kernel.document_types import DocumentRefused
from portal.kernel.documents import may_read
from portal.kernel.models import LogEntry
from portal.kernel.verification import present_of
from portal.kernel.workflow import StepRefused
from procurement.domain.contracts.signature_files import looked_at
from procurement.domain.contracts.templates import (
    PLACES,
    filled,
    first_template,
    require_contract_template,
    save_template,
    templates_for,
    words_of,
)
from procurement.domain.contracts.terms import payment_due, report_due
from procurement.interfaces.contract_draft_forms import sections_of, text_of
from procurement.interfaces.contract_pdf import contract_pdf, text_to_sign
from tests.contracts.making import Deal, concluded, go, shipped
from tests.factories.accounts import make_person
from tests.factories.contracts import CONCLUDED
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


# --- papers and files ------------------------------------------------------------------------------------------------


def test_file_to_sign_is_the_same_to_the_byte_and_known_in_a_container(tmp_path) -> None:
    deal = Deal()
    deal.offer()
    paper = text_to_sign(deal.version)
    assert paper.startswith(b"%PDF")
    file = tmp_path / "signed.asice"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
        package.writestr("договір.pdf", paper)
        package.writestr("META-INF/signatures001.xml", "<x/>")
    told = looked_at(file, paper)
    assert (told["container"], told["encloses"], told["signatures"], told["verified"]) == ("asic-e", True, 1, False)
    assert looked_at(file, b"%PDF other")["encloses"] is False
    body = BytesIO(file.read_bytes()).getvalue()
    deal.sign("contractor", file=SimpleUploadedFile("signed.asice", body), paper=paper)
    assert deal.version.signatures.get().check_result["encloses"] is True
    deal.sign("commissioner")
    deal.version.contract = deal.contract
    assert contract_pdf(deal.version).startswith(b"%PDF")
    present = present_of(deal.version.code)
    assert present is not None
    assert present.holds


def test_code_of_an_offer_tells_nobody_what_it_is_about() -> None:
    deal = Deal()
    deal.offer()
    present = present_of(deal.version.code)
    assert present is not None
    assert not present.holds
    assert not present.links


def test_signature_file_is_kept_closed_and_its_digest_logged() -> None:
    deal = Deal()
    deal.offer()
    body = bytes.fromhex("3080") + bytes.fromhex("06092a864886f70d010702") + b"%PDF-1.7 the paper"
    file = SimpleUploadedFile("договір.pdf.p7s", body)
    deal.sign("contractor", file=file, paper=b"%PDF-1.7 the paper")
    made = deal.version.signatures.get()
    assert made.check_result["verified"] is False
    assert made.check_result["encloses"] is True
    entry = LogEntry.objects.get(seq=made.log_seq)
    assert made.document.sha256 in entry.payload
    assert "Коваль" not in entry.payload
    assert may_read(made.document, deal.person)
    assert may_read(made.document, deal.official)
    assert not may_read(made.document, make_official_who_orders(make_territories().odesa_hromada))
    assert not may_read(made.document, make_person())


def test_signature_file_of_another_type_is_refused() -> None:
    deal = Deal()
    deal.offer()
    with pytest.raises(DocumentRefused, match="p7s"):
        deal.sign("contractor", file=SimpleUploadedFile("підпис.txt", b"ok"))
    assert not deal.version.signatures.exists()


# --- templates and terms ---------------------------------------------------------------------------------------------


def test_shipped_templates_are_sound_and_fill_every_place() -> None:
    template = shipped()
    require_contract_template(template.definition)
    text = text_of(filled(words_of(template), dict.fromkeys(PLACES, "…")))
    assert "{{" not in text
    assert "________" not in text


@pytest.mark.parametrize(
    "definition",
    [
        [],
        {"sections": []},
        {"sections": [{"heading": "", "paragraphs": []}]},
        {"sections": [{"heading": "А", "paragraphs": ["{{rnokpp}}"]}]},
        {"sections": [{"heading": "А", "paragraphs": [1]}]},
        {"sections": [{"heading": "А", "paragraphs": []}], "channels": ["market"]},
        {"sections": [{"heading": "А", "paragraphs": []}], "more": 1},
    ],
)
def test_template_that_would_not_work_is_refused(definition: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        require_contract_template(definition)


def test_hromada_makes_a_template_its_own_and_the_next_version_of_it(client, deal: Deal) -> None:
    template, hromada = shipped(), deal.contract.hromada
    client.force_login(deal.official)
    assert go(client, "contracting:templates").status_code == 200
    page = go(client, "contracting:template", template.pk)
    told = {"title": "Наш договір", "text": "# Предмет\n\nНаші слова про {{title}}."}
    assert go(client, "contracting:template", template.pk, **{**told, "text": "без заголовка"}).status_code == 422
    assert page.status_code == 200
    assert go(client, "contracting:template", template.pk, **told).status_code == 302
    own = first_template(hromada, "social_order")
    assert own is not None
    assert (own.hromada, own.number) == (hromada, 1)
    save_template(
        template_id=own.pk,
        user=deal.official,
        hromada=hromada,
        title="Наш договір",
        sections=sections_of("# Інше\n\nСлова."),
        now=CONCLUDED,
    )
    assert [one.number for one in templates_for(hromada).filter(hromada=hromada)] == [2]
    assert not templates_for(make_territories().odesa_hromada).filter(hromada__isnull=False)
    with pytest.raises(StepRefused):
        save_template(
            template_id=template.pk,
            user=deal.official,
            hromada=hromada,
            title="Х",
            sections=sections_of("# А\n\n{{rnokpp}}"),
            now=CONCLUDED,
        )


def test_terms_of_the_contract_come_first_and_an_unset_one_is_said() -> None:
    deal = concluded()
    last = deal.contract.concluded_on + timedelta(days=34)
    due, why = report_due(deal.contract, last)
    assert due is None
    assert "calendar" in why or "календар" in why.lower()
    deal.contract.versions.update(report_unit="calendar_days")
    assert report_due(deal.contract, last)[0] == last + timedelta(days=5)
    assert payment_due(deal.contract, last)[0] == last + timedelta(days=10)
    deal.contract.versions.update(report_days=None, payment_days=None)
    due, why = report_due(deal.contract, last)
    assert due is None
    assert why
