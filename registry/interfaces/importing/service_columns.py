"""Columns that speak of one address and of one service."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from registry.enums import AreaKind, PriceMode, PriceUnit, SiteKind
from registry.interfaces.importing import widgets as w
from registry.interfaces.importing.column import Column, Part

SITE, SERVICE = Part.SITE, Part.SERVICE
SITE_COLUMNS: Final = (
    Column(
        "site_kind",
        SITE,
        w.Choice(SiteKind),
        _("kind of address; without it, a place of service where the row has a service, else the registered one"),
        "service",
        ("вид адреси",),
    ),
    Column("site_label", SITE, w.Text(200), _("name of the place"), "Денний центр", ("назва місця",)),
    Column(
        "katottg",
        SITE,
        w.Code("katottg"),
        _("code of the settlement or hromada in the codifier"),
        "UA53080130000079450",
        ("КАТОТТГ", "код КАТОТТГ"),
    ),
    Column("oblast", SITE, w.Text(120), _("oblast by name or code"), "Полтавська", ("область",)),
    Column("raion", SITE, w.Text(120), _("raion by name or code, to tell namesakes apart"), "Полтавський", ("район",)),
    Column(
        "hromada",
        SITE,
        w.Text(120),
        _("hromada by name or code"),
        "Диканська",
        ("громада", "територіальна громада", "тг"),
    ),
    Column(
        "settlement", SITE, w.Text(120), _("settlement by name"), "смт Диканька", ("населений пункт", "місто", "село")
    ),
    Column("postal_index", SITE, w.PostalIndex(), _("postal index"), "38500", ("індекс", "поштовий індекс")),
    Column("street", SITE, w.Text(200), _("street with its kind"), "вул. Соборна", ("вулиця",)),
    Column("building", SITE, w.Text(60), _("building"), "3", ("будинок", "номер будинку")),
    Column("room", SITE, w.Text(60), _("room or office"), "12", ("приміщення", "кімната", "офіс")),
    Column(
        "latitude",
        SITE,
        w.Degrees(latitude=True),
        _("latitude in degrees, WGS 84"),
        "49.8213",
        ("lat", "широта"),
    ),
    Column(
        "longitude",
        SITE,
        w.Degrees(latitude=False),
        _("longitude in degrees, WGS 84"),
        "34.5321",
        ("lng", "lon", "довгота"),
    ),
    Column(
        "confidential",
        SITE,
        w.YesNo(),
        _("the address is confidential: only the hromada is published"),
        "ні",
        ("конфіденційна адреса", "адреса конфіденційна"),
    ),
    Column(
        "access",
        SITE,
        w.Terms("access", many=True),
        _("access features that the place has, parted by a bar"),
        "Пандус | Доступний туалет",
        ("доступність", "зручності доступу"),
    ),
    Column(
        "access_missing",
        SITE,
        w.Terms("access", many=True),
        _("access features that the place lacks, parted by a bar"),
        "Ліфт або підіймач",
        ("немає доступності",),
    ),
)
SERVICE_COLUMNS: Final = (
    Column(
        "service",
        SERVICE,
        w.Terms("service"),
        _("one service of the catalogue by name, slug or code; further services stand in further rows"),
        "Догляд вдома",
        ("послуга", "соціальна послуга", "код послуги"),
    ),
    Column(
        "services",
        SERVICE,
        w.Terms("service", many=True),
        _("several services without details, parted by a bar; those already entered stay as they are"),
        "Догляд вдома | Консультування",
        ("послуги", "перелік послуг"),
    ),
    Column("service_title", SERVICE, w.Text(200), _("own name of the service"), "", ("власна назва послуги",)),
    Column("service_content", SERVICE, w.Text(10_000), _("content of the service"), "", ("зміст послуги",)),
    Column("service_conditions", SERVICE, w.Text(10_000), _("conditions of the service"), "", ("умови надання",)),
    Column(
        "groups",
        SERVICE,
        w.Terms("group", many=True),
        _("for whom, by name or slug, parted by a bar"),
        "Особи похилого віку",
        ("група", "групи", "для кого", "отримувачі", "категорії отримувачів"),
    ),
    Column(
        "delivery_forms",
        SERVICE,
        w.Terms("delivery_form", many=True),
        _("forms of delivery, parted by a bar"),
        "Вдома",
        ("форма надання", "форми надання", "місце надання"),
    ),
    Column(
        "price_mode",
        SERVICE,
        w.Choice(PriceMode),
        _("payment: free of charge, depends on income, paid by tariff"),
        "tariff",
        ("оплата", "умови оплати"),
    ),
    Column("price", SERVICE, w.Money(), _("tariff in UAH"), "125,50", ("тариф", "ціна", "вартість")),
    Column("price_unit", SERVICE, w.Choice(PriceUnit), _("unit of the tariff"), "person_hour", ("одиниця тарифу",)),
    Column("price_on", SERVICE, w.Day(), _("day from which the tariff is valid"), "2026-01-01", ("дата тарифу",)),
    Column("capacity", SERVICE, w.Whole(), _("places"), "40", ("місць", "кількість місць", "місткість")),
    Column(
        "capacity_on",
        SERVICE,
        w.Day(future=False),
        _("day on which the places were counted"),
        "2026-11-01",
        ("дата кількості місць", "місць станом на"),
    ),
    Column("urgent", SERVICE, w.YesNo(), _("given urgently"), "так", ("екстрено", "невідкладно")),
    Column(
        "meets_standard",
        SERVICE,
        w.YesNo(),
        _("meets the state standard"),
        "так",
        ("відповідає стандарту", "державний стандарт"),
    ),
    Column("area_kind", SERVICE, w.Choice(AreaKind), _("area served"), "hromadas", ("територія обслуговування",)),
    Column(
        "areas",
        SERVICE,
        w.Names(),
        _("territories served, by code or name, parted by a bar"),
        "UA53080130000079450",
        ("території", "громади обслуговування"),
    ),
)
