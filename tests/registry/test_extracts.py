"""The extract: one code for one state of an entry, nothing private in it, never called valid when it is not."""

import io
from datetime import timedelta
from threading import Lock

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from portal.kernel.models import VerificationCode
from portal.kernel.verification import present_of
from registry.domain.desk import change_entry
from registry.domain.extracts import facts_of, issue_extract
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry, suspend_entry
from registry.interfaces import press
from registry.models import Extract, Service
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
    make_wide_provider,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def get(client: Client, entry, prefix=""):
    response = client.get(f"{prefix}/registry/{entry.number}/extract.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def change(entry, **values):
    entry.refresh_from_db()
    return change_entry(
        entry_id=entry.pk,
        version=entry.version,
        change=lambda record: [setattr(record, name, value) for name, value in values.items()],
        actor=REGISTRAR,
        ground="лист",
        now=timezone.now(),
    )


def verify(client: Client, code: VerificationCode, prefix="/en") -> str:
    return " ".join(client.get(f"{prefix}/verify/{code.code}/").content.decode().split())


def test_extract_says_what_the_card_says_and_carries_its_code(client: Client):
    entry = make_provider()

    text = text_of(get(client, entry, "/en"))

    code = Extract.objects.get().code
    for part in (
        entry.number,
        entry.organisation.code,
        "The provider is in the register.",
        "Прибирання, приготування їжі, купівля ліків.",
        "depends on income",
        "вул. Незалежності, 133",
        "+380535190000",
        code.grouped,
        f"/verify/{code.code}/",
        "version 1 of the entry",
    ):
        assert part in text


def test_extract_is_tagged_named_and_in_its_language(client: Client):
    entry = make_provider()
    for prefix, language in (("", "uk"), ("/en", "en")):
        reader = pypdf.PdfReader(io.BytesIO(get(client, entry, prefix)))
        root = reader.root_object
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"].value) == (language, True)
        assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
        # declared to be accessible, by the standard that screen readers go by
        assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
        assert entry.number in reader.metadata.title
        kinds = tags(root["/StructTreeRoot"]["/K"])
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD"} <= kinds


def tags(node) -> set[str]:
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*(tags(one) for one in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    return {str(node.get("/S", ""))} | (tags(node["/K"]) if "/K" in node else set())


def test_same_state_gives_the_same_file_under_the_same_code(client: Client):
    entry = make_provider()

    first, second = get(client, entry), get(client, entry)

    extract = Extract.objects.get()
    press.drop_paper(f"extract-{extract.code.code}")
    third = get(client, entry)
    assert first == second == third
    assert VerificationCode.objects.count() == 1
    assert len(VerificationCode.objects.get().document_digest) == 64


def test_each_language_and_each_version_has_a_code_of_its_own(client: Client):
    entry = make_provider()
    get(client, entry)
    get(client, entry, "/en")
    change(entry, about="Працює з 2020 року.")
    get(client, entry)

    rows = Extract.objects.order_by("pk").values_list("version", "language")
    assert list(rows) == [(1, "uk"), (1, "en"), (2, "uk")]


def test_older_file_is_dropped_when_a_newer_one_is_printed(client: Client):
    entry = make_provider()
    get(client, entry)
    old = Extract.objects.get()
    change(entry, about="Інше.")

    get(client, entry)

    assert press.kept_paper(f"extract-{old.code.code}") is None


def test_unchanged_extract_is_not_sent_twice(client: Client):
    entry = make_provider()
    first = client.get(f"/registry/{entry.number}/extract.pdf")

    again = client.get(f"/registry/{entry.number}/extract.pdf", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, first["Cache-Control"]) == (304, b"", "no-cache")


def test_carer_and_nobody_have_no_extract(client: Client):
    for number in (make_carer().number, "9999999", "zzz", "%00"):
        assert client.get(f"/registry/{number}/extract.pdf").status_code == 404
    assert Extract.objects.count() == 0


def test_extract_holds_nothing_private(client: Client):
    places, words = make_territories(), make_catalogue()
    secret = SiteRecord(
        label="Тихий дім",
        territory_id=places.dykanka.pk,
        hromada_id=places.dykanska.pk,
        oblast_id=places.poltavska.pk,
        postal_index="38599",
        street="вул. Схована",
        building="77-Щ7",
        latitude=49.8299,
        longitude=34.5399,
        confidential=True,
    )
    entry = make_provider(
        sites=[secret],
        contacts=[
            ContactRecord("phone", "+380991112233", private=True),
            ContactRecord("email", "secret@example.org", private=True),
            ContactRecord("head", "Таємна Особа", "мобільний 0991112233", private=True),
            ContactRecord("phone", "+380800000000"),
        ],
        services=[ServiceRecord(words.shelter.pk, content="Притулок.", at_sites=(0,))],
    )
    proprietor = make_provider(
        person_type="sole_proprietor", legal_form="sole_proprietor", name="ФОП Відкритий", rnokpp="2934567891"
    )

    texts = [text_of(get(client, one, prefix)) for one in (entry, proprietor) for prefix in ("", "/en")]

    secrets = ("Тихий", "Диканька", "38599", "Схована", "77-Щ7", "49.8", "1112233", "secret@", "Таємна", "2934567891")
    assert [(secret, text) for secret in secrets for text in texts[:2] if secret in text] == []
    assert not any("2934567891" in text for text in texts)
    assert "Диканська громада" in texts[0]
    assert "+380800000000" in texts[0]
    assert not any(secret in str(facts_of(entry)) for secret in secrets if secret != "Диканька")


def test_code_is_valid_while_the_register_says_the_same(client: Client):
    entry = make_provider()
    get(client, entry)

    page = verify(client, Extract.objects.get().code)

    assert "Valid" in page
    assert "The register says the same today." in page
    assert f'href="/en/registry/{entry.number}/"' in page


def test_change_supersedes_at_once_and_leads_to_the_new_state(client: Client):
    entry = make_provider()
    get(client, entry)
    code = Extract.objects.get().code
    change(entry, about="Нове.")

    response = client.get(f"/en/verify/{code.code}/")
    page = " ".join(response.content.decode().split())

    assert "Superseded" in page
    assert "Valid" not in page
    assert "It is superseded by the state of the register of" in page
    for address in (f"/en/registry/{entry.number}/extract.pdf", f"/en/registry/{entry.number}/"):
        assert f'href="{address}"' in page
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("step", "words"),
    [(suspend_entry, "The provider is suspended."), (exclude_entry, "The provider is no longer in the register.")],
)
def test_decision_supersedes_and_the_new_extract_says_it(client: Client, step, words):
    entry = make_provider()
    get(client, entry, "/en")
    old = Extract.objects.get().code
    step(entry_id=entry.pk, actor=REGISTRAR, ground="скарга отримувача", now=NOW)

    assert present_of(old).holds is False
    assert words in verify(client, old)
    text = text_of(get(client, entry, "/en"))
    assert words in text
    assert "скарга отримувача" in text
    fresh = Extract.objects.exclude(code=old).get().code
    assert "Valid" in verify(client, fresh)
    assert words in verify(client, fresh)


def test_what_changes_past_the_version_supersedes_too(client: Client):
    head = make_provider(name="Головний")
    get(client, head)
    code = Extract.objects.get().code

    make_provider(name="Філія", head_number=head.number)
    assert present_of(code).holds is False
    get(client, head)
    newer = Extract.objects.exclude(code=code).get()
    assert (newer.version, present_of(newer.code).holds) == (1, True)
    Service.objects.filter(entry=head).update(standing="suspended", standing_ground="строк документа минув")
    assert present_of(newer.code).holds is False
    assert "строк документа минув" in text_of(get(client, head))


def test_revoked_extract_says_so(client: Client):
    from portal.kernel.verification import revoke

    entry = make_provider()
    get(client, entry)
    code = revoke(Extract.objects.get().code, reason="надруковано помилково", at=NOW)

    page = verify(client, code)
    assert "Revoked" in page
    assert "The register says the same today." not in page


@pytest.mark.parametrize("item_count", [1, 3])
def test_extract_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    entry = make_wide_provider(item_count)
    address = f"/registry/{entry.number}/extract.pdf"

    client.get("/registry/")
    with django_assert_num_queries(40):
        client.get(address)
    with django_assert_num_queries(12):
        client.get(address)
    with django_assert_num_queries(14):
        client.get(f"/verify/{Extract.objects.get().code.code}/")


def test_busy_press_answers_in_words_and_issues_once(client: Client, monkeypatch):
    entry = make_provider()
    lock = Lock()
    monkeypatch.setattr(press, "_press", lock)
    monkeypatch.setattr(press, "PATIENCE", 0.01)
    with lock:
        response = client.get(f"/en/registry/{entry.number}/extract.pdf")

    assert (response.status_code, response["Retry-After"]) == (503, "8")
    assert "The extract could not be printed right now" in response.content.decode()
    get(client, entry, "/en")
    assert Extract.objects.count() == 1


def test_issuing_twice_is_one_extract():
    entry = make_provider()

    first, second = (issue_extract(entry_id=entry.pk, language="uk", now=NOW + timedelta(days=day)) for day in (0, 1))

    assert first.extract == second.extract


def test_private_change_supersedes_without_telling_what(client: Client):
    entry = make_provider()
    get(client, entry)
    code = Extract.objects.get().code
    record = ProviderRecord(
        code=entry.organisation.code, contacts=[ContactRecord("phone", "+380667778899", private=True)]
    )
    put_providers([record], actor=REGISTRAR, ground="лист", now=NOW)

    page = verify(client, code)

    assert "Superseded" in page
    assert "7778899" not in page


def test_card_links_extract_and_report(client: Client):
    entry = make_provider()

    page = client.get(f"/en/registry/{entry.number}/").content.decode()

    assert f'href="/en/registry/{entry.number}/extract.pdf" rel="nofollow"' in page
    assert f'href="/en/registry/{entry.number}/report/" rel="nofollow"' in page
