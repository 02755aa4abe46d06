"""Files that confirm criteria: taken in, refused with a reason, handed to nobody who has no business with them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.translation import gettext as _

from portal.kernel.models import StoredDocument
from tests.cabinet.posting import base_of, page_of
from tests.factories.accounts import make_official
from tests.factories.applications import PDF, fill, save, submit
from tests.factories.registry import make_territories
from tests.kernel.test_documents import SVG, package, pdf

pytestmark = pytest.mark.django_db

PATH = "criteria/1/staff/document"


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def with_service(cabinet):
    cabinet.draft = save(cabinet.draft, {"services/1/service_type": "home-care"})
    return cabinet


def send(cabinet, file, *, client=None, **fields):
    client = client or cabinet.client
    opened = client.get(cabinet.url("criteria/1/"))
    data = {"version": opened.context["sheet"].version, "base": base_of(opened), **fields}
    for form in opened.context["sheet"].forms:
        for bound in form:
            data.setdefault(bound.html_name, bound.value() or "")
    return client.post(cabinet.url("criteria/1/"), {**data, PATH: file} if file else data)


def test_file_is_taken_and_shown(with_service):
    response = send(
        with_service,
        SimpleUploadedFile("диплом.pdf", PDF),
        **{"criteria/1/staff/statement": "Маємо дипломи.", "criteria/1/staff/expires_on": "2030-01-01"},
    )

    assert (response.status_code, response.url) == (302, with_service.url("criteria/"))
    document = StoredDocument.objects.get()
    assert with_service.content[PATH] == str(document.pk)
    assert with_service.content["criteria/1/staff/statement"] == "Маємо дипломи."
    assert "диплом.pdf" in page_of(with_service.client.get(with_service.url("criteria/1/")))
    assert b"".join(with_service.client.get(f"/files/{document.pk}/")) == PDF


def test_file_is_taken_out_by_its_button(with_service):
    send(with_service, SimpleUploadedFile("диплом.pdf", PDF))

    response = send(with_service, None, drop=PATH)

    assert response.url == with_service.url("criteria/1/#c-criteria/1/staff")
    assert PATH not in with_service.content


REFUSED = {
    "disguised type": ("диплом.pdf", b"MZ\x90\x00" + b"\0" * 200),
    "oversized": ("великий.txt", b"a" * (2 * 1024 * 1024 + 1)),
    "zip bomb": (
        "бомба.docx",
        package({"[Content_Types].xml": "<x/>", "word/document.xml": b"0" * (60 * 1024 * 1024)}),
    ),
    "SVG with a script": ("малюнок.svg", SVG),
    "SVG called text": ("малюнок.txt", SVG),
    "encrypted PDF": ("закритий.pdf", pdf("таємниця")),
    "empty": ("порожній.pdf", b""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_with_its_reason_and_nothing_typed_is_lost(with_service, settings, case):
    settings.DOCUMENT_MAX_BYTES = 2 * 1024 * 1024
    name, content = REFUSED[case]
    file = SimpleUploadedFile("a", content)
    # the class cuts paths off; a browser that sends one is what is tried here
    file._name = name

    response = send(with_service, file, **{"criteria/1/founding/statement": "Статут є."})

    page = page_of(response)
    (check,) = [check for check in response.context["checks"] if check.reason]
    assert response.status_code == 422
    assert check.path == PATH
    assert check.reason in page
    assert f'href="#f-{PATH}"' in page
    assert "Статут є." in page
    assert with_service.content["criteria/1/founding/statement"] == "Статут є."
    assert PATH not in with_service.content
    assert not StoredDocument.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/статут.pdf", "C:\\Users\\Olena\\статут.pdf", "/etc/статут.pdf"])
def test_file_whose_name_holds_a_path_is_refused(with_service, name):
    """The client of the tests cuts paths off by itself, so the body is written by hand, as a hostile program would."""
    post = with_service.client.post

    def written_by_hand(address, data):
        body = encode_multipart(BOUNDARY, data).replace("простий.pdf".encode(), name.encode())
        return post(address, body, content_type=f"{MULTIPART_CONTENT}; charset=utf-8")

    with_service.client.post = written_by_hand
    response = send(
        with_service, SimpleUploadedFile("простий.pdf", PDF), **{"criteria/1/founding/statement": "Статут є."}
    )

    (check,) = [check for check in response.context["checks"] if check.reason]
    assert response.status_code == 422
    assert check.reason == _("The name of the file holds a path. Rename the file and try again.")
    assert "Статут є." in page_of(response)
    assert not StoredDocument.objects.exists()


@pytest.mark.parametrize("name", ["..", "../", "статут"])
def test_file_without_a_name_of_its_own_is_not_taken(with_service, name):
    file = SimpleUploadedFile("a", PDF)
    file._name = name

    send(with_service, file)

    assert not StoredDocument.objects.exists()


def test_files_of_a_draft_belong_to_its_people_alone(with_service, client):
    send(with_service, SimpleUploadedFile("диплом.pdf", PDF))
    address = f"/files/{with_service.content[PATH]}/"
    registrar = make_official("registrar", make_territories().poltavska)

    assert with_service.client.get(address).status_code == 200
    assert with_service.colleague.get(address).status_code == 200
    assert with_service.stranger.get(address).status_code == 404
    assert client.get(address).status_code == 404
    client.force_login(registrar)
    assert client.get(address).status_code == 404


def test_files_of_a_submitted_application_are_read_by_its_registrar(with_service, client):
    draft = submit(fill(with_service.draft))
    address = f"/files/{draft.content[PATH]}/"
    places = make_territories()

    for places_of, status in ((places.poltavska, 200), (places.odeska, 404)):
        client.force_login(make_official("registrar", places_of))
        assert client.get(address).status_code == status
    client.force_login(make_official("editor"))
    assert client.get(address).status_code == 404


def test_file_of_another_application_is_not_taken(with_service, sign_in):
    send(with_service, SimpleUploadedFile("диплом.pdf", PDF))
    foreign = with_service.content[PATH]
    from tests.factories.applications import make_draft

    other = make_draft()
    save(other, {"services/1/service_type": "home-care"})
    client = sign_in(other.created_by)
    sent = f'{{"base_version": 2, "fields": {{"{PATH}": [["{PATH}", "{foreign}"]]}}}}'

    answer = client.post(f"/cabinet/applications/{other.pk}/save/", sent, content_type="application/json").json()

    assert list(answer["refused"]) == [PATH]
