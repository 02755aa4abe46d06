"""Every page of the cabinet opens, says what it must, and asks a fixed number of questions."""

import pytest

pytestmark = pytest.mark.django_db

PAGES = (
    "",
    "organisation/",
    "sites/",
    "sites/1/",
    "sites/1/remove/",
    "contacts/",
    "services/",
    "services/1/",
    "criteria/",
    "criteria/1/",
    "consents/",
    "check/",
    "file/",
    "withdraw/",
)


@pytest.mark.parametrize("path", PAGES)
def test_page_of_a_draft_opens(full, path):
    response = full.client.get(full.url(path))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PAGES)
def test_page_of_an_empty_draft_opens(cabinet, path):
    response = cabinet.client.get(cabinet.url(path))

    missing = path.startswith(("sites/1", "services/1", "criteria/1"))
    assert response.status_code == ((302 if "remove" in path else 404) if missing else 200)


def test_home_opens(full):
    response = full.client.get("/cabinet/")

    assert response.status_code == 200
    assert "ГО «Турбота»" in response.content.decode()
