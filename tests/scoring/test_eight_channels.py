"""Who is recused, and who has not filed yet, gets nothing: page, fragment, file, PDF, export, API, search, admin.

Words that stand nowhere but in the proposals, in a file, in others' scores are looked for in everything that is
answered, by every channel, to people with as much right as there is besides.
"""

import io
import zipfile
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.models import User
from procurement.domain.evaluation.scoring import file_sheet
from procurement.enums import RecusalState
from procurement.models import EvaluationRound
from tests.factories.accounts import make_official
from tests.factories.evaluation import declare_nothing, make_member, make_opened, make_round
from tests.factories.ordering import make_official_who_orders
from tests.factories.proposals import PDF
from tests.scoring.worlds import attach_file, bar, fill, sheet_of
from tests.search.indexes import live

__all__ = ["live"]

pytestmark = pytest.mark.django_db

# stand in what proposals say, in the name and the bytes of a file, and with the name of an applicant
ANSWER, FILE, BYTES, APPLICANT = "шишкодрук", "ложкоріг", b"%bytes-of-the-file", "Вітроплет"
OPENED = (ANSWER, FILE, BYTES.decode(), APPLICANT)
# stand in what another member filed
REASON = "крутоспин"
CHANNELS = ("page", "fragment", "file", "pdf", "export", "api", "search", "admin")


@dataclass
class World:
    round: EvaluationRound
    file: str
    official: User

    @property
    def competition(self):
        return self.round.competition

    def addresses(self, channel: str) -> list[str]:
        """Return what is asked by a channel, the same for everybody."""
        pk, number = self.competition.pk, self.competition.number
        proposal = str(self.competition.proposals.get(number=1).pk)
        member, official, public = (
            f"/cabinet/commission/competitions/{pk}",
            f"/cabinet/commissioning/competitions/{pk}",
            (f"/competitions/{number}"),
        )
        answer, reason = quote(ANSWER), quote(REASON)
        return {
            "page": [
                "/cabinet/",
                "/cabinet/commission/",
                *(f"{member}/{part}" for part in ("", "declaration/", "proposals/1/", "sheet/", "sheet/1/1/")),
                *(f"{member}/{part}" for part in ("scores/", "minutes/", "recusals/")),
                *(f"{official}/{part}" for part in ("", "opening/", f"opening/{proposal}/", "discussion/")),
                *(f"{official}/{part}" for part in ("evaluation/", "admission/", "defences/", "minutes/", "decision/")),
                f"{public}/",
                f"{public}/results/",
                f"{public}/log/",
            ],
            "fragment": [f"{member}/scores/", f"{official}/discussion/", f"{public}/results/", "/competitions/"],
            "file": [f"{member}/proposals/1/{self.file}/", f"{official}/opening/{proposal}/{self.file}/"],
            "pdf": [
                f"{member}/minutes.pdf",
                f"{official}/minutes.pdf",
                f"{public}/minutes.pdf",
                f"{public}/notice.pdf",
            ],
            "export": [
                *(f"{public}/{name}" for name in ("scores.csv", "ranking.csv", "dossier.zip", "calendar.ics")),
                "/competitions/feed.atom",
                "/projects/projects.csv",
            ],
            "api": [f"/api/v1/competitions/{number}", "/api/v1/competitions", "/api/v1/commissions"],
            "search": [
                f"/search/?q={answer}",
                *(f"/api/v1/search?q={word}" for word in (answer, reason)),
                f"/api/v1/suggest?q={answer}",
                f"/competitions/?q={reason}",
            ],
            "admin": [
                "/admin/",
                f"/admin/users/?q={answer}",
                *(f"/admin/reports/{report}/" for report in ("site-history", "aging-pages")),
                *(reverse(f"wagtailusers_users:{page}", args=[self.official.pk]) for page in ("usage", "history")),
            ],
        }[channel]


@pytest.fixture
def world() -> World:
    """Return a competition that is being scored: the secretary has filed, nobody else has."""
    competition = make_opened(proposals=2)
    first = competition.proposals.select_related("organisation").get(number=1)
    first.content["content"]["criteria/standards"] = f"Індивідуальний план, {ANSWER}."
    first.organisation.name = f"ГО «{APPLICANT}»"
    first.organisation.save(update_fields=["name"])
    file = attach_file(first, f"{FILE}.pdf", PDF + BYTES)
    round_ = make_round(competition, members=5)
    secretary = sheet_of(round_, 1)
    told = fill(secretary, reason=REASON)
    file_sheet(sheet_id=secretary.pk, user=secretary.member.user, version=told.version, now=round_.began_at)
    return World(round_, file, competition.created_by)


@pytest.fixture
def searched(world, live) -> World:
    """Return the same with everything found that the search takes in."""
    call_command("rebuild_index", verbosity=0)
    return world


def answered(client: Client, address: str, channel: str) -> str:
    """Return all that is said to a request, what is packed taken out; an address that breaks is no answer."""
    headers = {"HX-Request": "true"} if channel == "fragment" else {}
    answer = client.get(address, headers=headers)
    assert answer.status_code < 500, address
    data = answer.getvalue()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b"\n".join(packed.read(name) for name in packed.namelist())
    # what is not there repeats nothing but its address
    return "" if answer.status_code in (301, 302, 404) else data.decode(errors="replace")


def heard(world: World, client: Client, channel: str, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return where which of the words was heard; a search that finds the competition by such a word has heard it too."""
    # whoever applied has a card in the register, which everybody finds and the desk lists
    wanted = {*words} - ({APPLICANT} if channel in ("search", "admin") else set())
    found = []
    for address in world.addresses(channel):
        told = answered(client, address, channel)
        asked = wanted | ({world.competition.number} if channel == "search" else set())
        found += [(address, word) for word in asked if word in told and quote(word) not in address]
    return found


def make_people(world: World) -> dict[str, User]:
    """Return those who may hear nothing or not all: what they are besides stands in their names."""
    chair, secretary, deputy, *members = [sheet_of(world.round, place).member for place in range(5)]
    assert secretary.sheets.get().filed_at
    people = {"recused": deputy.user, "undeclared": members[0].user, "unfiled": chair.user}
    for standing in ("recused", "unfiled"):
        people[f"{standing} official"] = make_official_who_orders(world.competition.hromada)
        people[f"{standing} administrator"] = make_official("administrator", is_superuser=True, is_staff=True)
    for name, user in people.items():
        if " " in name:
            declare_nothing(make_member(world.round.commission, user=user), world.competition, world.round.began_at)
        if name.startswith("recused"):
            state = RecusalState.PROPOSED if name == "recused" else RecusalState.CONFIRMED
            bar(world.round.commission.members.get(user=user), world.competition, state=state)
    members[0].declarations.all().delete()
    return people


# --- the test can hear -----------------------------------------------------------------------------------------------


def test_those_with_the_right_hear_every_word(world, sign_in):
    chair, secretary = sheet_of(world.round, 0).member.user, sheet_of(world.round, 1).member.user
    as_chair, as_secretary, as_official = sign_in(chair), sign_in(secretary), sign_in(world.official)

    page, file = "page", "file"
    assert {word for _where, word in heard(world, as_chair, page, OPENED)} == {ANSWER, FILE, APPLICANT}
    assert {word for _where, word in heard(world, as_official, page, OPENED)} == {ANSWER, FILE, APPLICANT}
    assert {word for _where, word in heard(world, as_secretary, page, (REASON,))} == {REASON}
    for client in (as_chair, as_official):
        assert {word for _where, word in heard(world, client, file, OPENED)} == {BYTES.decode()}


# --- those without ---------------------------------------------------------------------------------------------------


def test_recused_and_those_before_filing_hear_nothing_by_eight_channels(searched, world, sign_in):
    declaration = f"/cabinet/commission/competitions/{world.competition.pk}/declaration/"
    for name, user in make_people(world).items():
        words = (REASON,) if name.startswith("unfiled") else (*OPENED, REASON)
        client = sign_in(user)
        for channel in CHANNELS:
            told = heard(world, client, channel, words)
            # who is to declare is told who applied, and nothing else
            known = [(declaration, APPLICANT)] if (name, channel) == ("undeclared", "page") else []
            assert told == known, (name, channel)


@pytest.mark.parametrize("state", RecusalState.barring)
def test_recused_member_finds_no_page_of_the_competition(world, sign_in, state):
    member = sheet_of(world.round, 0).member
    bar(member, world.competition, state=state)
    client = sign_in(member.user)

    for channel in ("page", "file", "pdf"):
        own = [one for one in world.addresses(channel) if "/commission/competitions/" in one]
        assert [one for one in own if client.get(one).status_code != 404] == []
    save = f"/cabinet/commission/competitions/{world.competition.pk}/sheet/save/"
    sent = client.post(save, {"base_version": 1, "fields": {}}, content_type="application/json")
    assert sent.status_code == 404


# --- all addresses there are -----------------------------------------------------------------------------------------


def test_no_address_of_the_portal_tells_the_recused_and_those_before_filing(world, sign_in):
    people = make_people(world)
    addresses = every_address(world)

    assert len(addresses) > 100
    for name, words in (("recused administrator", (*OPENED, REASON)), ("unfiled official", (REASON,))):
        client = sign_in(people[name])
        told = {address: answered(client, address, "page") for address in addresses}
        assert [(address, word) for address, text in told.items() for word in words if word in text] == []


def every_address(world: World) -> list[str]:
    """Return each address of the social order that takes things of this competition."""
    proposal = world.competition.proposals.get(number=1)
    given = {
        "pk": world.competition.pk,
        "number": world.competition.number,
        "proposal": proposal.pk,
        "file": UUID(world.file),
        "member": sheet_of(world.round, 1).member_id,
    }
    found = []
    for namespace in ("commission", "commissioning", "procurement", "proposals"):
        # the papers of the announcement were public before anybody applied
        for pattern in [one for one in _patterns(namespace) if "notice" not in one.name]:
            told = {name: _fitting(name, one, given) for name, one in pattern.pattern.converters.items()}
            found.append(reverse(f"{namespace}:{pattern.name}", kwargs=told))
    return found


def _patterns(namespace: str) -> list[URLPattern]:
    resolvers = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    nested = [one for outer in resolvers for one in (outer, *outer.url_patterns) if isinstance(one, URLResolver)]
    return [one for found in nested if found.namespace == namespace for one in found.url_patterns if one.name]


def _fitting(name, converter, given):
    kind = type(converter).__name__
    if kind == "UUIDConverter":
        return given["file"] if name == "file" else given["proposal"]
    if kind == "IntConverter":
        return given.get(name, 1) if isinstance(given.get(name), int) else 1
    return given["number"] if name == "number" else "x"
