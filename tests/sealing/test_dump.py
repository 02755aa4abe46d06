"""A thief of the database and of every file of the portal: no plain text of any proposal, in any form, before opening."""

import base64
import io
import json
import re
import secrets
import subprocess
import sys
import zlib
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.conf import settings as conf
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from portal.accounts.models import User
from portal.kernel import outbox
from procurement.domain.proposals.drafts import attach_document, save_proposal, start_proposal
from procurement.domain.proposals.submitting import submit_proposal
from procurement.domain.seal.working_copies import read_copy
from procurement.models import Proposal
from tests.factories.applications import PDF
from tests.sealing.worlds import close, make_bid, make_commissioning_official, make_competition, open_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]
# how something packed begins
PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


@dataclass
class Marks:
    """Words planted in a text field, in the name of a file and in its bytes; those of no other test.

    SQLite keeps in free pages what was deleted.
    """

    title: str
    document: str
    inside: str

    def __iter__(self):
        return iter((self.title, self.document, self.inside))


@pytest.fixture
def marks():
    tail = secrets.token_hex(4)
    return Marks(f"Хитромудрий-задум-{tail}", f"Квітковий-кошторис-{tail}", f"Zakopanyi-skarb-{tail}")


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path):
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"


def forms_of(mark):
    """Return a mark in every form in which it may lie somewhere, compression aside."""
    plain = mark.encode()
    yield from (plain, mark.encode("utf-16-le"), mark.encode("cp1251"), plain.hex().encode(), quote(mark).encode())
    yield json.dumps(mark)[1:-1].encode()
    # base64 of what begins at any place of a group of three
    yield from (base64.b64encode(b"x" * shift + plain)[4 if shift else 0 : -4] for shift in range(3))


def found_in(data, marks):
    """Return the marks in the bytes as they are, and unpacked wherever something packed begins."""
    layers = [data]
    for start in PACKED.finditer(data):
        try:
            layers.append(zlib.decompressobj().decompress(data[start.start() :]))
        except zlib.error:
            continue
    return {mark for mark in marks for form in forms_of(mark) for layer in layers if form in layer}


def dump():
    """Return everything the database holds as it would be copied: pages and journal of SQLite, all rows elsewhere."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        # by another process: when one that works with the database closes a file of it, all its locks are gone
        yield from (taken_by_cat(path) for path in Path(name).parent.glob(f"{Path(name).name}*"))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor:
                yield from (
                    bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for cell in row
                )


def taken_by_cat(path):
    return subprocess.run(["cat", path], check=True, capture_output=True).stdout


def files():
    for root in (conf.PRIVATE_ROOT, conf.MEDIA_ROOT):
        for path in (path for path in Path(root).rglob("*") if path.is_file()):
            yield str(path).encode()
            yield path.read_bytes()


def told(marks):
    return set().union(*(found_in(data, marks) for data in chain(dump(), files())))


def pack(text):
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", text)
    return stream.getvalue()


def written_and_submitted(marks):
    """Write, attach, submit, replace, the way a bidder does, and let the letters leave."""
    now = timezone.now()
    competition = make_competition(now=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    bid = make_bid(competition)
    Proposal.objects.all().delete()
    proposal = start_proposal(
        user=bid.user,
        competition_number=competition.number,
        organisation_id=bid.user.mandates.get().organisation_id,
        now=now,
    )
    same = {"proposal_id": proposal.pk, "user": bid.user}
    for number, text in enumerate((marks.title, f"{marks.title} ще раз")):
        saved = save_proposal(base_version=999 if number else 1, patch={"about/title": text}, now=now, **same)
        version = Proposal.objects.get().draft_version
        kinds = pack(marks.inside), PDF + marks.inside.encode() + b"\n%%EOF"
        file = ContentFile(kinds[number], f"{marks.document}.{('docx', 'pdf')[number]}")
        attach_document(path="documents/statute", file=file, base_version=version, now=now, **same)
        submit_proposal(draft_version=Proposal.objects.get().draft_version, key=uuid4(), **same)
        assert saved.refused == {}
    outbox.deliver(timezone.now())
    return competition


def test_search_finds_what_lies_open(marks):
    User.objects.create_user("x@y.example", "secret-word-1", first_name=marks.title)
    Path(conf.MEDIA_ROOT).mkdir()
    (Path(conf.MEDIA_ROOT) / "a").write_bytes(b"??" + zlib.compress(marks.document.encode()))
    (Path(conf.MEDIA_ROOT) / "b").write_bytes(base64.b64encode(b"ab" + marks.inside.encode()))

    assert told(marks) == set(marks)


def test_dump_of_everything_tells_nothing_of_a_draft_or_a_submission(marks):
    written_and_submitted(marks)
    copy = read_copy(Proposal.objects.get())

    assert marks.title in str(copy.content)
    assert marks.document in str(copy.files)
    assert list(files())
    assert told(marks) == set()


def test_dump_tells_nothing_after_the_close_and_the_content_after_the_opening(marks):
    competition = written_and_submitted(marks)
    close(competition)
    assert told(marks) == set()

    open_all(competition, make_commissioning_official())

    # files stay encrypted on the disk for good
    assert told(marks) == {marks.title, marks.document}


def test_thief_lets_no_lock_of_the_database_go():
    if connection.vendor != "sqlite":
        pytest.skip("its files are SQLite's")
    User.objects.count()
    assert list(dump())

    name = str(connection.settings_dict["NAME"])
    write = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 7').connection.close()"
    subprocess.run([sys.executable, "-c", write, name], check=True)

    # the other one was not the last that has the database open
    assert Path(f"{name}-shm").exists()
