"""What tests of the table of synonyms share: a shipped file written anew, rows to put into one."""

import io
from datetime import UTC, datetime

import pytest

from registry.domain.providers import Actor
from registry.interfaces.importing import ImportSource
from search.domain.synonyms import load_synonyms
from search.interfaces.synonym_files import run
from search.models import Synonym

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
EDITOR = Actor(None, "editor")
HEADER = "phrase,kind,target,weight,language,note"
NURSE = "сиділка,service,home-care,0.8,uk,"
SHELTER = "де переночувати,service,shelter,0.6,uk,"


@pytest.fixture
def shipped(tmp_path):
    """Return a function that writes the shipped file anew and loads it."""

    def load(*rows, **options):
        path = tmp_path / "synonyms.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return load_synonyms(path=path, **options)

    return load


def outcome(counts):
    return counts.created, counts.changed, counts.vanished, counts.skipped


def standing(**wanted):
    return list(Synonym.objects.filter(**wanted).order_by("phrase", "target").values_list("phrase", "target", "active"))


def bring(*lines, name="list.csv", **options):
    content = ("\n".join(lines) + "\n").encode()
    return run(ImportSource(io.BytesIO(content), name), actor=EDITOR, now=NOW, **options)
