"""Columns that speak of the provider itself and of how to reach it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from registry.enums import Standing
from registry.interfaces.importing import contacts as c
from registry.interfaces.importing import widgets as w
from registry.interfaces.importing.column import Column, Part

KEY, PROVIDER, CONTACT = Part.KEY, Part.PROVIDER, Part.CONTACT
_OWNERSHIP: Final = {"комунальна": "communal", "приватна": "private", "державна": "state"}
_SECTOR: Final = {"комунальний сектор": "communal", "недержавний": "non_state"}


KEY_COLUMNS: Final = (
    Column(
        "edrpou",
        KEY,
        w.Code("edrpou"),
        _("EDRPOU code of the provider; by it the provider is found again"),
        "43970360",
        ("ЄДРПОУ", "код ЄДРПОУ", "код за ЄДРПОУ", "code"),
    ),
    Column(
        "rnokpp",
        KEY,
        w.Code("rnokpp"),
        _("taxpayer number of a sole proprietor or carer; it is never published"),
        "",
        ("РНОКПП", "ІПН"),
    ),
    Column(
        "external_ref",
        KEY,
        w.Text(120, personal=False),
        _("reference in the source, for a provider whose code is not known"),
        "cnap:104",
        ("код у джерелі",),
    ),
    Column(
        "number",
        KEY,
        w.RegisterNumber(),
        _("number in the register, for a provider already entered"),
        "0000012",
        ("номер у реєстрі", "реєстровий номер"),
    ),
)
PROVIDER_COLUMNS: Final = (
    Column(
        "name",
        PROVIDER,
        w.Text(500),
        _("full name; needed for a new provider"),
        "КУ «Центр надання соціальних послуг»",
        ("назва", "повна назва", "найменування", "назва надавача"),
    ),
    Column("short_name", PROVIDER, w.Text(200), _("short name"), "ЦНСП", ("скорочена назва", "коротка назва")),
    Column(
        "person_type", PROVIDER, w.Choice(PersonType), _("kind of person"), "legal_entity", ("вид особи", "тип особи")
    ),
    Column(
        "legal_form",
        PROVIDER,
        w.Choice(LegalForm),
        _("legal form"),
        "communal_institution",
        ("правова форма", "організаційно-правова форма"),
    ),
    Column(
        "ownership_form",
        PROVIDER,
        w.Choice(OwnershipForm, **_OWNERSHIP),
        _("ownership form"),
        "communal",
        ("форма власності", "власність"),
    ),
    Column("sector", PROVIDER, w.Choice(Sector, **_SECTOR), _("sector"), "communal", ("сектор",)),
    Column(
        "standing",
        PROVIDER,
        w.Choice(Standing),
        _("standing in the register; an import does not change it, a difference is a fault"),
        "included",
        ("стан", "стан у реєстрі"),
    ),
    Column(
        "included_on",
        PROVIDER,
        w.Day(future=False),
        _("day of inclusion, for a new provider"),
        "2024-03-01",
        ("дата включення", "дата внесення"),
    ),
    Column(
        "head_number",
        PROVIDER,
        w.RegisterNumber(),
        _("register number of the head organisation, for a new branch"),
        "0000003",
        ("номер головної організації",),
    ),
    Column("about", PROVIDER, w.Text(10_000), _("about the provider, in its own words"), "", ("про надавача", "опис")),
    Column(
        "services_note",
        PROVIDER,
        w.Text(10_000),
        _("services as the source names them, where they are not in the catalogue"),
        "адресна натуральна допомога",
        ("послуги за джерелом", "примітка про послуги"),
    ),
    Column("source", PROVIDER, w.Text(300), _("where the data come from"), "сайт міської ради", ("джерело",)),
    Column(
        "source_url",
        PROVIDER,
        c.Address(),
        _("link to the source"),
        "https://rada.example.gov.ua/posluhy",
        ("посилання на джерело",),
    ),
    Column("source_on", PROVIDER, w.Day(future=False), _("day of the source"), "2026-10-01", ("дата джерела",)),
    Column(
        "verified_on",
        PROVIDER,
        w.Day(future=False),
        _("day on which a person confirmed the data"),
        "2026-11-20",
        ("дата перевірки", "перевірено"),
    ),
)
CONTACT_COLUMNS: Final = (
    Column(
        "phones",
        CONTACT,
        c.Phones(),
        _("phones, several parted by a bar"),
        "+380 44 123-45-67 | 1547",
        ("phone", "телефон", "телефони"),
    ),
    Column(
        "emails",
        CONTACT,
        c.Emails(),
        _("e-mail addresses, several parted by a bar"),
        "centre@example.org",
        ("email", "e-mail", "ел. пошта", "електронна пошта", "пошта"),
    ),
    Column(
        "websites",
        CONTACT,
        c.Websites(),
        _("websites, several parted by a bar"),
        "https://example.org",
        ("website", "сайт", "вебсайт", "веб-сайт"),
    ),
    Column(
        "head", CONTACT, w.Names(), _("name of the head"), "Олена Коваль", ("керівник", "керівниця", "піб керівника")
    ),
    Column(
        "private_phones",
        CONTACT,
        c.Phones(),
        _("phones for officials only; never published"),
        "",
        ("службовий телефон", "непублічний телефон"),
    ),
    Column(
        "private_emails",
        CONTACT,
        c.Emails(),
        _("e-mail addresses for officials only; never published"),
        "",
        ("службова пошта", "непублічна пошта"),
    ),
)
