"""A draft as a file: it goes out, comes back, and anything else is refused with a reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.applications import save

pytestmark = pytest.mark.django_db


def read_back(cabinet, data, version):
    file = SimpleUploadedFile("draft.json", data, content_type="application/json")
    return cabinet.client.post(cabinet.url("file/"), {"version": version, "file": file})


def test_draft_goes_out_as_a_file_and_comes_back(full):
    exported = full.client.get(full.url("export.json"))
    assert exported["Content-Disposition"].startswith('attachment; filename="poruch-')
    save(full.draft, {"about/about": None})
    version = full.client.get(full.url("file/")).context["application"].version

    response = read_back(full, exported.content, version)

    assert response.status_code == 409
    (one,) = response.context["contested"]
    assert (one.path, one.mine) == ("about/about", "Допомагаємо людям удома з 2015 року.")


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b"[1]", b'{"format": "poruch-draft"}'])
def test_file_that_is_no_draft_is_refused_with_a_reason(full, data):
    response = read_back(full, data, full.draft.version)

    assert response.status_code == 422
    assert response.context["refusal"]


def test_file_page_asks_for_the_file(full):
    response = full.client.post(full.url("file/"), {"version": 1})

    assert response.status_code == 422
    assert response.context["refusal"]
