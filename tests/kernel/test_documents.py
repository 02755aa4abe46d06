import io
import tempfile
import zipfile
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pypdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import document_types, documents
from portal.kernel.documents import DocumentRefused, allow_readers, clean_name, may_read, store
from portal.kernel.models import StoredDocument
from portal.kernel.visibility import Audience

AT = datetime(2026, 5, 5, tzinfo=UTC)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 32
JPEG = bytes.fromhex("ffd8ffe000104a464946") + b"\0" * 32
P7S = bytes.fromhex("3082010006092a864886f70d010702a082") + b"\0" * 32


def pdf(password=""):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def package(parts, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


DOCX = package({"[Content_Types].xml": "<x/>", "word/document.xml": "<w/>"})
XLSX = package({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<w/>"})
ODT = package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})
ASICE = package({"mimetype": "application/vnd.etsi.asic-e+zip", "META-INF/signatures.xml": "<x/>"})
GOOD = {
    "статут.pdf": pdf(),
    "a.docx": DOCX,
    "a.xlsx": XLSX,
    "a.odt": ODT,
    "a.asice": ASICE,
    "a.png": PNG,
    "a.JPG": JPEG,
    "a.jpeg": JPEG,
    "a.pdf.p7s": P7S,
    "a.txt": "Кошторис < 10 грн".encode("cp1251"),
    "a.csv": "\ufeffкод;назва\n1;Центр".encode(),
}


def put(name, content, **fields):
    return store(ContentFile(content, name), **{"kind": "statute", "subject": "entry:1", "by": None, "at": AT} | fields)


@pytest.fixture(autouse=True)
def _private(settings, tmp_path, monkeypatch):
    settings.PRIVATE_ROOT = tmp_path
    settings.STATIC_ROOT = Path(__file__).parent  # whitenoise warns of a folder that is not there
    monkeypatch.setattr(documents, "_readers", {})


def files(root):
    return sorted(path.name for path in Path(root).rglob("*") if path.is_file())


@pytest.mark.django_db
@pytest.mark.parametrize("name", GOOD)
def test_an_accepted_file_is_kept_by_its_digest(name, settings):
    document = put(name, GOOD[name])
    digest = sha256(GOOD[name]).hexdigest()
    assert (document.sha256, document.size, document.name) == (digest, len(GOOD[name]), name)
    assert document.path.read_bytes() == GOOD[name]
    assert files(settings.PRIVATE_ROOT) == [digest]
    assert StoredDocument.objects.get().audience == Audience.OFFICIAL


@pytest.mark.django_db
def test_the_same_content_twice_is_one_file_and_two_documents(settings):
    put("a.png", PNG)
    put("b.png", PNG)
    assert len(files(settings.PRIVATE_ROOT)) == 1
    assert StoredDocument.objects.count() == 2


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSALS = {
    "empty": ("a.pdf", b"", "empty"),
    "png called pdf": ("a.pdf", PNG, "disguised"),
    "pdf called png": ("a.png", pdf(), "disguised"),
    "jpeg called png": ("a.png", JPEG, "disguised"),
    "program called docx": ("a.docx", b"MZ" + b"\0" * 100, "disguised"),
    "xlsx called docx": ("a.docx", XLSX, "disguised"),
    "zip called odt": ("a.odt", package({"a": "b"}), "disguised"),
    "odt called asice": ("a.asice", ODT, "disguised"),
    "cut zip": ("a.docx", DOCX[:-30], "disguised"),
    "cut pdf": ("a.pdf", pdf()[:40], "disguised"),
    "text called p7s": ("a.p7s", b"hello", "disguised"),
    "program called txt": ("a.txt", b"MZ\0\0\x01", "disguised"),
    "encrypted pdf": ("a.pdf", pdf("таємниця"), "encrypted"),
    "svg": ("a.svg", SVG, "type"),
    "html": ("a.html", b"<html></html>", "type"),
    "no extension": ("statute", pdf(), "type"),
    "svg called txt": ("a.txt", SVG, "markup"),
    "html called csv": ("a.csv", b"a;b\n<SCRIPT >alert(1)</script>", "markup"),
    "macros": (
        "a.docx",
        package({"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": "x"}),
        "macros",
    ),
    "path": ("../../etc/passwd.pdf", pdf(), "name"),
    "windows path": ("..\\a.pdf", pdf(), "name"),
    "bomb": ("a.docx", package({"[Content_Types].xml": "", "word/document.xml": b"\0" * 5_000_000}), "bomb"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSALS)
def test_a_refused_file_leaves_nothing_behind(case, settings):
    name, content, code = REFUSALS[case]
    file = ContentFile(content)
    file.name = name
    with pytest.raises(DocumentRefused) as refusal:
        store(file, kind="statute", subject="entry:1", by=None, at=AT)
    assert refusal.value.code == code
    assert str(refusal.value.reason)
    assert files(settings.PRIVATE_ROOT) == []
    assert not StoredDocument.objects.exists()


@pytest.mark.django_db
def test_an_oversized_file_is_refused_while_it_streams(settings):
    settings.DOCUMENT_MAX_BYTES = 100_000

    class Endless(ContentFile):
        read_so_far = 0

        def chunks(self, chunk_size=None):
            while True:
                self.read_so_far += 64_000
                yield b"%" * 64_000

    file = Endless(b"", "a.pdf")
    with pytest.raises(DocumentRefused) as refusal:
        store(file, kind="statute", subject="entry:1", by=None, at=AT)
    assert (refusal.value.code, file.read_so_far) == ("oversized", 128_000)
    assert files(settings.PRIVATE_ROOT) == []


@pytest.mark.django_db
def test_too_many_parts_are_a_bomb(monkeypatch):
    monkeypatch.setattr(document_types, "MAX_PARTS", 3)
    with pytest.raises(DocumentRefused) as refusal:
        put("a.docx", package({f"{n}": "" for n in range(4)}))
    assert refusal.value.code == "bomb"


@pytest.mark.django_db
def test_a_zip_that_lies_about_its_sizes_is_refused():
    lying = bytearray(package({"[Content_Types].xml": "", "word/document.xml": b"\0" * 500_000}))
    while (place := lying.find((500_000).to_bytes(4, "little"))) >= 0:
        lying[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(DocumentRefused):
        put("a.docx", bytes(lying))


@pytest.mark.django_db
def test_an_encrypted_zip_part_is_refused():
    locked = bytearray(DOCX)
    place = locked.find(b"PK\x01\x02")
    locked[place + 8] |= 1
    with pytest.raises(DocumentRefused) as refusal:
        put("a.docx", bytes(locked))
    assert refusal.value.code == "encrypted"


@given(st.text(min_size=1, max_size=300), st.sampled_from(["pdf", "docx"]))
def test_a_clean_name_shows_what_it_is(stem, extension):
    try:
        name = clean_name(f"{stem}.{extension}")
    except DocumentRefused:
        return
    assert len(name) <= 150
    assert name.endswith(f".{extension}")
    assert not {"/", "\\", "\n", "\0", "\u202e"} & set(name)


@given(st.binary(max_size=200), st.sampled_from(sorted(document_types.TYPES)))
def test_any_bytes_are_judged_without_a_crash(content, extension):
    path = Path(tempfile.gettempdir()) / f"poruch-test-{zlib.crc32(content)}"
    path.write_bytes(content)
    try:
        document_types.check_content(path, extension)
    except DocumentRefused as refusal:
        assert refusal.code
    finally:
        path.unlink()


# --- handing out ---------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.urls("tests.kernel.urls")


@pytest.mark.django_db
def test_a_document_without_a_predicate_is_not_found(client):
    assert client.get(f"/files/{put('a.png', PNG).pk}/").status_code == 404


@pytest.mark.django_db
def test_a_document_is_handed_out_to_its_readers_as_an_attachment(client):
    document = put("Статут.png", PNG)
    allow_readers("statute", lambda found, user: found == document and user.is_anonymous)
    response = client.get(f"/files/{document.pk}/")
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "image/png"
    assert client.post(f"/files/{document.pk}/").status_code == 405


@pytest.mark.django_db
def test_refused_unknown_and_lost_documents_are_not_found(client):
    document = put("a.png", PNG)
    allow_readers("statute", lambda _found, _user: False)
    assert not may_read(document, AnonymousUser())
    assert client.get(f"/files/{document.pk}/").status_code == 404
    assert client.get("/files/00000000-0000-0000-0000-000000000000/").status_code == 404
    allow_readers("statute", lambda _found, _user: True)
    document.path.unlink()
    assert client.get(f"/files/{document.pk}/").status_code == 404
