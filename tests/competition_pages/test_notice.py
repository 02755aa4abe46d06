"""The announcement as a paper, and announcements that were really published, entered again and read on page and paper."""

import io

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.verification import present_of
from procurement.domain.calls.timeline import timeline
from procurement.enums import Moment
from procurement.interfaces.moments import in_words
from procurement.models import Competition
from tests.competition_pages.notices import NOTICES, SAID_SO, enter
from tests.competition_pages.test_page import shown, words
from tests.factories.procurement import NOTICE, change, make_call, make_cancelled, make_published
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timezone.timedelta(days=1)


def paper(client, competition: Competition, name: str = "notice", *more):
    return client.get(reverse(f"procurement:{name}", args=[competition.number, *more]))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def told(text: str) -> str:
    """Return a text without the spaces that a narrow column breaks it by."""
    return "".join(text.split()).replace("-", "").replace("\xad", "")


def test_notice_has_every_field_in_the_order_of_the_form(client):
    make_profile(proposals_window=15)
    competition = make_published(now=NOW)
    response = paper(client, competition)
    text = told(text_of(response.content))

    assert response["Content-Type"] == "application/pdf"
    specification = competition.lots.get().specification
    fields = (
        competition.commissioner.organisation.name,
        competition.commissioner.address,
        competition.commissioner.organisation.code,
        competition.commissioner.phone,
        NOTICE["legal_ground"],
        _("Information about the social services that are the subject of the social order"),
        "Догляд вдома",
        specification.standard,
        specification.content,
        specification.categories,
        "1 800",
        specification.place,
        specification.quality,
        "324 000",
        NOTICE["requirements"],
        NOTICE["documents_note"],
        NOTICE["submission_note"],
        NOTICE["opening_place"],
        NOTICE["contact_name"],
        "648 000",
    )
    places = [text.find(told(field)) for field in fields]
    assert -1 not in places, fields[places.index(-1)]
    in_order = [text.index(told(field)) for field in (*fields[:2], *fields[4:6], NOTICE["requirements"], "648 000")]
    assert in_order == sorted(in_order)


def test_notice_gives_each_date_with_the_reason_and_citation_of_the_page(client):
    make_profile(proposals_window=15)
    competition = make_published(now=NOW)
    text = told(text_of(paper(client, competition).content))

    for line in timeline(competition, NOW):
        assert told(in_words(line.typed) if line.typed else _("no date")) in text, line.point
        for sentence in (*line.why, *line.citations):
            assert told(sentence) in text, sentence


def test_same_version_is_the_same_paper_with_its_code(client):
    competition = make_published(now=NOW)
    first, second = (paper(client, competition) for _time in range(2))
    code = competition.versions.get().code

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert code.grouped in text_of(first.content)
    assert competition.versions.get().digest in told(text_of(first.content))
    assert present_of(code).holds


def test_next_version_supersedes_the_paper_before(client):
    competition = make_published(now=NOW - 2 * DAY)
    before = paper(client, competition)
    change(competition, now=NOW - DAY)
    after = paper(client, competition)
    old = paper(client, competition, "version_notice", 1)
    codes = [version.code for version in competition.versions.order_by("number")]

    assert before["ETag"] != after["ETag"] != old["ETag"]
    assert codes[0].superseded_by == codes[1]
    assert [present_of(code).holds for code in codes] == [False, True]
    assert codes[0].grouped in text_of(old.content)
    assert told(in_words(NOW - DAY)) in told(text_of(old.content))
    assert client.get(reverse("kernel:verify_code", args=[codes[0].code])).status_code == 200
    assert paper(client, competition, "version_notice", 3).status_code == 404


def test_cancelled_competition_says_so_on_its_paper(client):
    competition = make_cancelled(now=NOW - 10 * DAY)

    assert told(competition.end_reason) in told(text_of(paper(client, competition).content))
    assert not present_of(VerificationCode.objects.get(kind="competition-notice")).holds


def test_notice_is_read_in_english(client):
    competition = make_published(now=NOW)
    with translation.override("en"):
        text = text_of(paper(client, competition).content)

    assert "State standard" in text
    assert "Home care" in text


def test_draft_has_no_paper(client):
    make_call(now=NOW)

    assert client.get(reverse("procurement:notice", args=["2027-00001"])).status_code == 404


# --- announcements that were really published ------------------------------------------------------------------------


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.name)
def test_real_notice_reads_whole_on_page_and_paper(client, notice):
    competition = enter(notice)
    page, pdf = shown(competition, client), told(text_of(paper(client, competition).content))

    known = [notice.commissioner, notice.legal_ground, SAID_SO, in_words(timezone.localtime(competition.published_at))]
    for lot in notice.lots:
        known += [lot.service, lot.content, lot.categories, lot.standard, lot.place, lot.quality]
        known += [in_words(day) for day in lot.term or ()]
        known += [f"{lot.ceiling / 1000:.0f} 000"] if lot.ceiling else []
    for said in filter(None, known):
        assert said in page, said
        assert told(said) in pdf, said
    dates = [getattr(competition, point.value) for point in Moment]
    assert all(told(in_words(value)) in pdf for value in dates if value)


def test_real_notice_with_a_draft_standard_says_that_it_is_one(client):
    lubny = next(notice for notice in NOTICES if notice.lots[0].standard_is_draft)
    competition = enter(lubny)

    assert _("a draft, not adopted") in shown(competition, client)
    assert told(_("A draft: the standard is not adopted")) in told(text_of(paper(client, competition).content))


def test_real_notice_of_kanonychi_keeps_its_twenty_people_and_its_months(client):
    kanonychi = next(notice for notice in NOTICES if notice.name.startswith("Канонічі"))
    competition = enter(kanonychi)
    page = shown(competition, client)

    assert competition.lots.get().snapshot["recipients"] == 20
    assert "1 серпня 2021" in page
    assert "31 грудня 2021" in page
    assert words(client.get(reverse("procurement:competitions"))).count(competition.number) == 1
