"""A register in a temporary folder, for the benches of import and export: migrated, reference loaded, thrown away."""

import argparse
import csv
import io
import os
import random
import resource
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = (
    "external_ref", "name", "person_type", "legal_form", "ownership_form", "sector", "katottg", "postal_index",
    "street", "building", "phones", "emails", "websites", "service", "service_content", "groups", "delivery_forms",
    "price_mode", "price", "price_unit", "capacity", "capacity_on", "area_kind", "areas", "source",
)  # fmt: skip


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("rows", nargs="?", type=int, default=100_000)
    return parser.parse_args()


def open_register(folder):
    """Point Django at a fresh database in the folder, and fill the reference tables."""
    os.environ["PORTAL_VAR"] = str(folder)
    os.environ.pop("PORTAL_DATABASE", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    if not (folder / "portal.sqlite3").exists():
        call_command("migrate", verbosity=0)
        call_command("load_reference", stdout=io.StringIO())


def scratch_folder():
    return tempfile.TemporaryDirectory(prefix="poruch-bench-")


def write_file(path, rows, seed=1):
    """Write a CSV of providers, one service each, spread over the settlements of the codifier."""
    from registry.models import DeliveryForm, ServiceType, Territory, VulnerableGroup

    chance = random.Random(seed)
    places = list(
        Territory.objects.filter(category__in="MXC", hromada__isnull=False).values_list("code", "hromada__code")
    )
    services = list(ServiceType.objects.values_list("name_uk", flat=True))
    groups = list(VulnerableGroup.objects.values_list("name_uk", flat=True))
    forms = list(DeliveryForm.objects.values_list("name_uk", flat=True))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            settlement, hromada = chance.choice(places)
            writer.writerow(_row(number, settlement, hromada, chance, services, groups, forms))


def _row(number, settlement, hromada, chance, services, groups, forms):
    tariff = chance.random() < 0.3
    return (
        f"bench:{number}", f"КУ «Центр надання соціальних послуг № {number}»", "legal_entity", "communal_institution",
        "communal", "communal", settlement, f"{chance.randrange(1000, 99999):05d}", "вул. Соборна",
        str(chance.randrange(1, 300)), f"+380{chance.randrange(10**8, 10**9)}", f"centre{number}@example.org",
        f"https://centre{number}.example.org", chance.choice(services),
        "Допомога в домашньому господарстві, супровід, навчання навичок.",
        " | ".join(chance.sample(groups, 2)), chance.choice(forms), "tariff" if tariff else "free",
        "125,50" if tariff else "", "person_hour" if tariff else "", str(chance.randrange(5, 90)), "01.11.2026",
        "hromadas", hromada, "вимірювання",
    )  # fmt: skip


def peak_memory():
    """Return the most memory this process has ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def told(name, rows, wall, cpu, extra):
    print(
        f"{name:<34} {rows / wall:>9,.0f} rows/s   {rows / cpu:>9,.0f} rows/CPU-s   {extra:>6.0f} MB extra", flush=True
    )
