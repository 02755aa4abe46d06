"""The words of the portal: read once, again when they change, and without an engine too."""

import pytest

from search import lexicon
from search.indexing import rebuild
from search.models import Synonym
from tests.factories.registry import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_page_of_wagtail")]


def test_lexicon_is_made_once_and_again_when_words_change(live):
    make_provider()
    rebuild(live)
    first = lexicon.lexicon()
    assert first.size == 2
    assert first.gazetteer.by_code["UA53080130010081044"].chain[0] == "UA53080130000079450"

    same = lexicon.lexicon()
    lexicon.look_again()
    looked = lexicon.lexicon()
    Synonym.objects.create(phrase="побути з мамою", kind="service", target="home-care", weight=1)
    changed = lexicon.lexicon()

    assert same is looked is first
    assert changed is not first
    assert changed.gazetteer is first.gazetteer


def test_lexicon_without_engine_reads_questions_all_the_same(settings):
    settings.SEARCH_ENGINE = "none"
    lexicon.forget()

    assert lexicon.lexicon().phrases.knows(("догляд",))
