"""Guides in the search: found by the words of their parts, shown with title and summary, in the reader's language."""

import pytest
from django.test import Client

from search.indexing import rebuild

pytestmark = pytest.mark.django_db


def test_guide_is_found_by_the_words_of_its_parts(client: Client, site, live):
    rebuild(live)

    found = client.get("/search/?q=бабуся+не+може+готувати").context["others"]
    english = client.get("/en/search/?q=elderly+mother").context["others"]

    lines = {line.title: line for line in found}
    assert lines["Старенька мама вдома"].url == "/help/care/"
    assert lines["Старенька мама вдома"].summary == "Хто прийде додому і скільки це коштує."
    assert "An elderly mother at home" not in lines
    assert [line.url for line in english if line.kind == "page"][:1] == ["/en/help/care/"]
