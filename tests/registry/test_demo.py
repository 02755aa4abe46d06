"""The invented set: the same for the same seed, good Ukrainian, nobody's real data, and gone without a trace when asked."""

import csv
import json
import re
import shutil
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from stdnum.ua import edrpou, rntrc

from portal.accounts.enums import LegalForm, MandateScope
from portal.accounts.models import Mandate, Organisation, User
from portal.kernel import audit
from portal.kernel.models import LogEntry
from registry.domain.demo import state
from registry.domain.demo.grammar import genitive, latin, locative, locative_masculine, settle_prepositions
from registry.domain.demo.material import FOLDER
from registry.domain.demo.removing import REMOVE_TAG, remove
from registry.domain.demo.sentences import fill
from registry.domain.demo.writing import generate
from registry.domain.providers import Actor, put_providers
from registry.domain.records import ProviderRecord
from registry.domain.reference import FOLDER as REFERENCE
from registry.domain.reference import load_reference
from registry.enums import Standing
from registry.interfaces.exporting.formats import FORMATS, Export
from registry.models import (
    Contact,
    EntryChange,
    NumberSequence,
    RegisterEntry,
    RegisterRevision,
    Service,
    ServiceAtLocation,
    Site,
    SiteAccess,
)
from registry.queries.index import register_index

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PARTS = (RegisterEntry, Site, SiteAccess, Contact, Service, ServiceAtLocation, EntryChange, Organisation)
# Полтавська, Чернівецька, Київ: enough places of every kind, loaded in half a second
OBLASTS = ("UA53", "UA73", "UA80")


@pytest.fixture
def reference(tmp_path: Path, db) -> None:
    for path in REFERENCE.glob("*.*"):
        shutil.copy(path, tmp_path)
    with (REFERENCE / "territories.csv").open(newline="") as source, (tmp_path / "territories.csv").open("w") as target:
        rows = csv.DictReader(source)
        writer = csv.DictWriter(target, rows.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in rows if row["code"][:4] in OBLASTS)
    load_reference(folder=tmp_path)


def exported() -> str:
    """Return the whole public export, without revision, as one text."""
    keys = list(RegisterEntry.objects.open().order_by("number").values_list("pk", flat=True))
    _type, pieces = FORMATS["json"]
    text = b"".join(pieces(Export([keys], "https://portal.example/registry/", {"of": "test"}))).decode()
    return re.sub(r'"revision":\d+,', "", text)


def digest() -> str:
    return sha256(exported().encode()).hexdigest()


def start_again() -> None:
    """Remove the set and its numbers, as if the register were another one, whose keys go on."""
    remove(actor_role="demo", now=NOW)
    NumberSequence.objects.all().delete()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in PARTS}


# --- the words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "of", "within"),
    [
        ("Диканська", "Диканської", "Диканській"),
        ("Вінницька", "Вінницької", "Вінницькій"),
        ("Івано-Франківська", "Івано-Франківської", "Івано-Франківській"),
        ("Асканіє-Нова", "Асканіє-Нової", "Асканіє-Новій"),
        ("Мельнична", "Мельничної", "Мельничній"),
        ("Ювілейна", "Ювілейної", "Ювілейній"),
        ("Верхня", "Верхньої", "Верхній"),
    ],
)
def test_names_of_hromadas_are_declined(name, of, within):
    assert (genitive(name), locative(name)) == (of, within)


def test_every_hromada_and_raion_of_the_codifier_can_be_declined():
    with (REFERENCE / "territories.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    hromadas = [row["name"] for row in rows if row["category"] == "H"]
    raions = [row["name"] for row in rows if row["category"] == "P"]

    assert [name for name in hromadas if not name.endswith("а")] == []
    assert [name for name in raions if not locative_masculine(name).endswith(("ському", "цькому", "зькому"))] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[У] Полтавській громаді", "У Полтавській громаді"),
        ("[У] Одеській громаді", "В Одеській громаді"),
        ("живе [у] Полтавській", "живе в Полтавській"),
        ("працюють [у] Полтавській", "працюють у Полтавській"),
        ("працюють [у] Одеській", "працюють в Одеській"),
        ("живе [у] Вінницькій", "живе у Вінницькій"),
        ("живе [у] Львівській", "живе у Львівській"),
        ("послуги, [у] Диканській", "послуги, у Диканській"),
    ],
)
def test_preposition_follows_the_sounds_around_it(text, expected):
    assert settle_prepositions(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Тепла оселя", "tepla-oselia"), ("Сузір’я", "suziria"), ("Згода", "zghoda"), ("Їжак і Єва", "yizhak-i-yeva")],
)
def test_latin_letters_follow_the_resolution(name, expected):
    assert latin(name) == expected


def every_text() -> list[str]:
    def leaves(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from leaves(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from leaves(inner)

    return [text for path in sorted(FOLDER.glob("*.json")) for text in leaves(json.loads(path.read_text()))]


def test_texts_mix_no_alphabets_and_leave_nothing_open():
    from random import Random

    names = ("hromada", "raion", "area", "oblast")
    phrases = {f"{case}_{name}": "Диканської" for case in ("of", "in") for name in names}
    phrases |= {"raion": "Полтавський район", "year": "2015", "old_year": "1999", "war_year": "2022"}
    phrases |= dict.fromkeys(("own", "kind", "council", "person", "initials"), "слово")
    filled = [fill(text, Random(1), phrases) for text in every_text()]

    assert [text for text in filled if re.search(r"[A-Za-z][а-яіїєґ’]|[а-яіїєґ’][A-Za-z]", text)] == []
    assert [text for text in filled if re.search(r"[{}\[\]]|  | [,.;:]|\.\.", text)] == []


def test_numbers_stand_before_the_form_they_ask_for():
    from random import Random

    from registry.domain.demo.sentences import many

    ranges = {(int(low), int(high)) for text in every_text() for low, high in re.findall(r"\{(\d+)-(\d+)\}", text)}
    drawn = {many(Random(seed), low, high) for low, high in ranges for seed in range(60)}

    assert {number for number in drawn if number % 10 in (1, 2, 3, 4) and number % 100 not in range(11, 15)} == set()


# --- the set -------------------------------------------------------------------------------------------------------


def test_same_seed_gives_the_same_bytes_whatever_the_keys(reference):
    generate(320, seed=5, now=NOW)
    first = digest()
    start_again()
    generate(100, seed=5, now=NOW)
    generate(320, seed=5, now=NOW)
    in_two_goes = digest()
    start_again()
    generate(320, seed=6, now=NOW)

    assert in_two_goes == first
    assert digest() != first


def test_set_grows_without_touching_what_is_there(reference):
    generate(40, seed=1, now=NOW)
    before = json.loads(exported())["providers"]
    revision = RegisterRevision.objects.get().value

    assert generate(40, seed=1, now=NOW) == 0
    assert RegisterRevision.objects.get().value == revision

    assert generate(60, seed=1, now=NOW) == 20
    assert json.loads(exported())["providers"][: len(before)] == before


def test_two_hundred_show_every_legal_form_standing_and_branch(reference):
    generate(400, seed=1, now=NOW)

    first = RegisterEntry.objects.filter(number__lte="D0000200")
    assert set(first.values_list("organisation__legal_form", flat=True)) == set(LegalForm.values)
    assert set(RegisterEntry.objects.values_list("standing", flat=True)) == set(Standing.values)
    branches = RegisterEntry.objects.exclude(parent=None)
    assert branches.exists()
    assert {branch.organisation.legal_form == branch.parent.organisation.legal_form for branch in branches} == {True}
    assert not RegisterEntry.objects.filter(is_demo=False).exists()
    assert not Organisation.objects.filter(is_demo=False).exists()


def test_codes_are_valid_and_can_be_nobodys(reference):
    generate(200, seed=1, now=NOW)
    codes = list(Organisation.objects.exclude(code=None).values_list("code", flat=True))
    people = list(Organisation.objects.exclude(rnokpp=None).values_list("rnokpp", flat=True))

    assert len(codes) + len(people) == 200
    assert {code[:2] for code in codes} == {"99"}
    assert [code for code in codes if not edrpou.is_valid(code)] == []
    # the first five digits count days from the last day of 1899: these people are not born yet
    assert {number[:5] > "46400" for number in people} == {True}
    assert [number for number in people if not rntrc.is_valid(number)] == []
    phones = Contact.objects.filter(kind="phone").values_list("value", flat=True)
    assert [phone for phone in phones if not re.fullmatch(r"\+380 00 \d{3} \d{2} \d{2}", phone)] == []
    others = Contact.objects.filter(kind__in=["email", "website"]).values_list("value", flat=True)
    assert [value for value in others if not value.endswith(".demo.example")] == []


def test_nothing_private_leaves(reference):
    generate(400, seed=1, now=NOW)
    text = exported()
    register_index.refresh()
    hidden = Site.objects.filter(confidential=True, entry__is_open=True)

    assert hidden.count() > 5
    by_number = {provider["number"]: provider for provider in json.loads(text)["providers"]}
    public = {(one.get("latitude"), one.get("longitude")) for row in by_number.values() for one in row["sites"]}
    for site in hidden.select_related("entry"):
        told = [one for one in by_number[site.entry.number]["sites"] if one["confidential"]]
        assert told
        assert {"street", "building", "postal_index", "latitude", "label"} & set().union(*told) == set()
        assert all("settlement" not in one["place"] for one in told)
        assert site.latitude is None or (site.latitude, site.longitude) not in public
    assert [
        number
        for number in Organisation.objects.exclude(rnokpp=None).values_list("rnokpp", flat=True)
        if number in text
    ] == []
    assert [
        value for value in Contact.objects.filter(private=True).values_list("value", flat=True) if value in text
    ] == []
    carers = RegisterEntry.objects.filter(organisation__legal_form__in=LegalForm.carers)
    assert set(carers.values_list("is_open", flat=True)) == {False}
    assert set(register_index.everything) & set(carers.values_list("pk", flat=True)) == set()
    assert [name for name in carers.values_list("organisation__name", flat=True) if f'"{name}"' in text] == []


def test_history_is_a_story_in_order_and_ends_where_the_entry_stands(reference):
    generate(400, seed=1, now=NOW)
    acts = set(EntryChange.objects.values_list("act", flat=True))
    assert acts == {"included", "amended", "verified", "suspended", "restored", "excluded"}

    for entry in RegisterEntry.objects.prefetch_related("changes"):
        changes = sorted(entry.changes.all(), key=lambda change: change.pk)
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        assert changes[0].act == "included"
        assert changes[0].at.date() == entry.included_on
        standings = [change.new for change in changes if change.field == "standing"]
        assert entry.standing == (standings[-1] if standings else "included")
    revisions = EntryChange.objects.values("entry", "revision").annotate(moments=Count("at", distinct=True))
    assert set(revisions.values_list("moments", flat=True)) == {1}
    # the log keeps the true moment
    assert {entry.at for entry in LogEntry.objects.all()} == {NOW}
    assert audit.verify() is None


def test_communal_providers_serve_their_own_hromada(reference):
    generate(300, seed=1, now=NOW)
    communal = Service.objects.filter(entry__organisation__sector="communal", area_kind="hromadas")

    assert communal.count() > 100
    own = [
        service for service in communal if service.entry.hromada_id in set(service.areas.values_list("pk", flat=True))
    ]
    assert len(own) == communal.count()


def test_other_seed_is_refused_while_a_set_stands(reference):
    call_command("generate_demo", "--providers", "20", "--seed", "3")

    with pytest.raises(CommandError, match="3"):
        call_command("generate_demo", "--providers", "20", "--seed", "4")


def test_removing_leaves_no_row_and_a_whole_log(reference):
    real = ProviderRecord(external_ref="real", name="Справжній заклад")
    put_providers([real], actor=Actor(None, "registrar"), ground="test", now=NOW)
    before = counts()
    generate(150, seed=1, now=NOW)
    organisation = Organisation.objects.filter(is_demo=True, person_type="legal_entity").first()
    person = User.objects.create_user("someone@example.org")
    Mandate.objects.create(person=person, organisation=organisation, scope=MandateScope.EDITOR, valid_from=NOW.date())
    register_index.refresh()

    assert remove(actor_role="demo", now=NOW) == 150

    assert counts() == before
    assert not Mandate.objects.exists()
    assert audit.verify() is None
    (line,) = LogEntry.objects.filter(tag=REMOVE_TAG)
    assert json.loads(line.payload) == {"entries": 150}
    row = RegisterRevision.objects.get()
    assert row.rebuild_from == row.value
    register_index.refresh()
    assert len(register_index.everything) == 1
    assert state.read().was_removed
    # told twice, it has nothing to do and nothing to log
    assert remove(actor_role="demo", now=NOW) == 0
    assert LogEntry.objects.filter(tag=REMOVE_TAG).count() == 1


def test_interrupted_removal_is_finished_by_the_next_call(reference):
    generate(120, seed=1, now=NOW)

    def interrupt(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remove(actor_role="demo", now=NOW, progress=interrupt)
    with pytest.raises(state.DemoRefused):
        generate(120, seed=1, now=NOW)
    remove(actor_role="demo", now=NOW)

    assert not RegisterEntry.objects.exists()
    assert not Organisation.objects.exists()
    assert LogEntry.objects.filter(tag=REMOVE_TAG).count() == 1
