import io
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import (
    ALPHABET,
    issue,
    kind_label,
    name_kind,
    new_code,
    normalise,
    qr_svg,
    revoke,
    supersede,
    verification_url,
)

AT = datetime(2026, 5, 5, 9, tzinfo=UTC)
pytestmark = pytest.mark.urls("tests.kernel.urls")
codes = st.builds(new_code)


@pytest.fixture(autouse=True)
def _bare_layout(settings):
    """Put a bare page in place of the site's layout, whose addresses are not here, and read it in English."""
    (engine,) = settings.TEMPLATES
    folders = [Path(__file__).parent / "templates", *engine["DIRS"]]
    processors = ["django.template.context_processors.request"]
    settings.TEMPLATES = [engine | {"DIRS": folders, "OPTIONS": {"context_processors": processors}}]
    settings.LANGUAGE_CODE = "en"
    settings.STATIC_ROOT = Path(__file__).parent  # whitenoise warns of a folder that is not there
    with translation.override("en"):
        yield


def give(title="Протокол № 1", **fields):
    return issue(**{"kind": "minutes", "subject": "procurement.minutes:1", "title": title, "at": AT} | fields)


@given(codes, st.sampled_from(["", " ", "-", " - ", "\u00a0"]))
def test_a_code_is_read_however_it_is_typed(code, gap):
    typed = gap.join((code[:4], code[4:8], code[8:])).lower().replace("0", "o").replace("1", "l")
    assert normalise(typed) == code


@given(codes, st.integers(0, 11), st.integers(1, 31))
def test_any_one_mistyped_character_is_seen(code, place, step):
    wrong = ALPHABET[(ALPHABET.index(code[place]) + step) % 32]
    assert normalise(code[:place] + wrong + code[place + 1 :]) is None


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_none(text):
    assert (found := normalise(text)) is None or normalise(found) == found


def test_cyrillic_twins_are_read_as_latin():
    assert normalise("АВСЕ") is None
    code = next(code for code in iter(new_code, None) if set(code) & set("ABCEHKMPTX"))
    assert normalise(code.translate(str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ"))) == code


@pytest.mark.django_db
def test_a_code_is_grouped_by_four():
    code = give(code="0123456789AB")
    assert (str(code), code.is_valid) == ("0123-4567-89AB", True)


@pytest.mark.django_db
def test_constraints_refuse_half_a_history():
    code = give()
    for name, fields in {
        "verification_superseded_has_stamp": {"superseded_at": AT},
        "verification_revoked_has_reason": {"revoked_at": AT},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            VerificationCode.objects.filter(pk=code.pk).update(**fields)


@pytest.mark.django_db
def test_a_code_is_superseded_once_and_never_by_itself():
    old, new = give(), give("Протокол № 1, виправлений")
    assert supersede(old, new, at=AT).superseded_by == new
    for successor in (new, old):
        with pytest.raises(ValueError, match="superseded"):
            supersede(old, successor, at=AT)
    with pytest.raises(ValueError, match="itself"):
        supersede(new, new, at=AT)


@pytest.mark.django_db
def test_a_code_is_revoked_once():
    code = revoke(give(), reason="помилка", at=AT)
    assert not code.is_valid
    with pytest.raises(ValueError, match="already revoked"):
        revoke(code, reason="знову", at=AT)


# --- the page ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_shows_a_valid_document(client):
    name_kind("minutes", "minutes of the commission")
    code = give(document_digest="d" * 64)
    page = client.get(f"/verify/{code.grouped.lower()}/")
    assert page.status_code == 200
    for text in ("Протокол № 1", "minutes of the commission", "d" * 64, "Valid", code.grouped, "5 May 2026, 12:00"):
        assert text in page.content.decode()


@pytest.mark.django_db
def test_the_page_points_at_the_successor_and_names_the_revocation(client):
    old, new = give("Старий"), give("Новий")
    supersede(old, new, at=AT)
    page = client.get(f"/verify/{old.code}/").content.decode()
    assert "Superseded" in page
    assert f'href="/verify/{new.code}/"' in page
    revoke(new, reason="помилка <у> сумі", at=AT)
    page = client.get(f"/verify/{new.code}/").content.decode()
    assert "Revoked" in page
    assert "помилка &lt;у&gt; сумі" in page


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["ABCD", "0123-4567-89AB", "<script>", "%00"])
def test_an_unknown_code_gets_the_form_and_404(client, typed):
    page = client.get(f"/verify/{typed}/")
    assert page.status_code == 404
    assert "Unknown code" in page.content.decode()
    assert "<script>" not in page.content.decode()


@pytest.mark.django_db
def test_the_form_leads_to_the_code(client):
    code = give()
    assert client.get("/verify/").status_code == 200
    answer = client.get("/verify/", {"code": f" {code.grouped.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, f"/verify/{code.code}/")
    assert client.get("/verify/", {"code": "no"}).status_code == 404


def test_an_unnamed_kind_is_shown_as_it_is():
    assert kind_label("no-such-kind") == "no-such-kind"


# --- the paper -----------------------------------------------------------------------------------------------------


def test_a_qr_code_is_inline_svg_and_always_the_same():
    svg = qr_svg("https://example.com/verify/0123456789AB/")
    assert svg.startswith("<svg")
    assert svg == qr_svg("https://example.com/verify/0123456789AB/")


def test_a_pdf_is_archival_carries_its_code_and_is_the_same_twice():
    first, second = (
        render_pdf("kernel/document.html", {}, title="Протокол № 7", code="0123456789AB") for _turn in "ab"
    )
    assert sha256(first).digest() == sha256(second).digest()
    reader = pypdf.PdfReader(io.BytesIO(first))
    text = reader.pages[0].extract_text()
    for part in ("Протокол № 7", "0123-4567-89AB", verification_url("0123456789AB")):
        assert part in text
    assert reader.metadata.title == "Протокол № 7"
    metadata = reader.root_object["/Metadata"].get_data()
    assert b'pdfaid:part="3"' in metadata
    assert b'pdfaid:conformance="A"' in metadata


def test_a_pdf_may_not_fetch_anything(tmp_path, settings, caplog):
    (tmp_path / "fetching.html").write_text(
        '{% extends "kernel/document.html" %}{% block content %}<img src="file:///etc/hostname" alt="x">{% endblock %}'
    )
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    assert render_pdf("fetching.html", {}, title="т", code="0123456789AB").startswith(b"%PDF")
    assert "disallowed protocol: file:///etc/hostname" in caplog.text


def test_weasyprint_is_not_imported_at_start_up():
    program = "import sys, django; django.setup(); import portal.kernel.pdf; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
