"""Announcements that hromadas really published, entered again: what domain.md §4.3 and public news quote of them.

Each has what its source says and nothing else. What the portal asks for and no source gives (ЄДРПОУ, address, sums,
dates after the announcement) is put in from `STAND_IN` and `stand_in_dates`, and the notice says so in its own text: a
test about real input must not pass invented facts off as found ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.accounts.models import User
from procurement.domain.calls import calling
from procurement.models import BudgetAct, Commissioner, Competition, OrderDecision, OrderItem, ServiceSpecification
from registry.models import ServiceType, Territory, VulnerableGroup
from tests.factories.accounts import make_organisation
from tests.factories.ordering import make_official_who_orders
from tests.factories.procurement import timetable
from tests.factories.registry import next_edrpou
from tests.factories.rule_profiles import make_rules

NOT_IN_SOURCE = "У доступному джерелі не наведено."
SAID_SO = "Дати, суми й реквізити, яких немає в джерелі, вписано умовно, щоб показати оголошення."
STAND_IN = {
    "address": "Умовна адреса замовника",
    "requirements": NOT_IN_SOURCE,
    "documents_note": NOT_IN_SOURCE,
    "submission_note": SAID_SO,
    "opening_place": "Умовне місце розкриття",
    "contact_name": "Умовна контактна особа",
    "contact_phone": "умовний телефон",
}
STAND_IN_SUM = Decimal("1.00")
DAY_CARE_STANDARD = "Державний стандарт догляду вдома, наказ від 13.11.2013 № 760"
INDIVIDUALLY = (
    "Зміст та обсяг для кожного отримувача визначаються індивідуально та зазначаються в договорі; орієнтовний час "
    "кожного заходу — у додатку 2 до Державного стандарту."
)


@dataclass(frozen=True)
class RealLot:
    service: str
    slug: str
    standard: str = ""
    standard_is_draft: bool = False
    content: str = NOT_IN_SOURCE
    categories: str = NOT_IN_SOURCE
    group: str = ""
    recipients: int | None = None
    ceiling: Decimal | None = None
    term: tuple[date, date] | None = None
    place: str = ""
    quality: str = ""


@dataclass(frozen=True)
class RealNotice:
    name: str
    source: str
    hromada: tuple[str, str]
    oblast: tuple[str, str]
    commissioner: str
    announced_on: date
    legal_ground: str
    lots: tuple[RealLot, ...]
    decided_on: date | None = None
    known: dict[str, Any] = field(default_factory=dict)


NOTICES = (
    RealNotice(
        name="Миколаїв",
        source="mpmr.gov.ua: старіший порядок колонок",
        hromada=("UA48060150000071713", "Миколаївська"),
        oblast=("UA48000000000039575", "Миколаївська"),
        commissioner="Замовник з mpmr.gov.ua, Миколаїв",
        announced_on=date(2021, 3, 1),
        legal_ground="Постанова Кабінету Міністрів України від 01.06.2020 № 450.",
        lots=(
            RealLot("Денний догляд дітей з інвалідністю", "day-care-children", categories="Діти з інвалідністю"),
            RealLot(
                "Денний догляд осіб з інвалідністю до 35 років",
                "day-care-adults",
                categories="Особи з інвалідністю до 35 років",
            ),
        ),
    ),
    RealNotice(
        name="Лубни 2021",
        source="lubnyrada: посилання на проєкт стандарту",
        hromada=("UA53040030000088898", "Лубенська"),
        oblast=("UA53000000000028050", "Полтавська"),
        commissioner="Лубенська міська рада",
        announced_on=date(2021, 3, 1),
        legal_ground="Постанова Кабінету Міністрів України від 01.06.2020 № 450.",
        lots=(
            RealLot(
                "Соціальна послуга, назву якої в джерелі не наведено",
                "named-elsewhere",
                standard="Проєкт державного стандарту соціальної послуги",
                standard_is_draft=True,
            ),
        ),
    ),
    RealNotice(
        name="Канонічі 2021",
        source="kanonychi: оголошено 07.07.2021, програму ухвалено 06.07.2021",
        hromada=("UA56020090000066575", "Каноницька"),
        oblast=("UA56000000000066151", "Рівненська"),
        commissioner="Каноницька сільська рада",
        announced_on=date(2021, 7, 7),
        legal_ground=(
            "Постанова Кабінету Міністрів України від 01.06.2020 № 450; місцева програма, ухвалена 06.07.2021; "
            "розпорядження голови."
        ),
        lots=(
            RealLot(
                "Соціальна послуга, назву якої в джерелі не наведено",
                "named-elsewhere",
                recipients=20,
                term=(date(2021, 8, 1), date(2021, 12, 31)),
                place="Територія Каноницької громади",
                quality="Обсяг, якісні та кількісні характеристики — у додатку до оголошення.",
            ),
        ),
        known={"documents_note": NOT_IN_SOURCE},
    ),
    RealNotice(
        name="Антонівка 2025",
        source="antonivskasr: сторінка від 03.03.2025",
        hromada=("UA56020010000027956", "Антонівська"),
        oblast=("UA56000000000066151", "Рівненська"),
        commissioner="Антонівська сільська рада",
        announced_on=date(2025, 3, 3),
        legal_ground="Постанова Кабінету Міністрів України від 01.06.2020 № 450.",
        lots=(RealLot("Догляд вдома", "home-care", standard=DAY_CARE_STANDARD, content=INDIVIDUALLY),),
    ),
    RealNotice(
        name="Володимирець 2023",
        source="volodselrada",
        hromada=("UA56020050000087443", "Володимирецька"),
        oblast=("UA56000000000066151", "Рівненська"),
        commissioner="Володимирецька селищна рада",
        announced_on=date(2023, 3, 1),
        legal_ground="Постанова Кабінету Міністрів України від 01.06.2020 № 450.",
        lots=(RealLot("Догляд вдома", "home-care", standard=DAY_CARE_STANDARD, content=INDIVIDUALLY),),
    ),
    RealNotice(
        name="Чернівці 2023",
        source="новина cvnews.cv.ua від 17.02.2023: чотири послуги з граничними сумами",
        hromada=("UA73060610000066784", "Чернівецька"),
        oblast=("UA73000000000044923", "Чернівецька"),
        commissioner="Департамент соціальної політики Чернівецької міської ради",
        announced_on=date(2023, 2, 17),
        legal_ground="Наказ департаменту соціальної політики Чернівецької міської ради від 06.02.2023 № 7.",
        lots=(
            RealLot(
                "Надання притулку бездомним особам",
                "shelter",
                categories="Бездомні особи",
                ceiling=Decimal("680000.00"),
            ),
            RealLot("Підтримане проживання", "supported-living", ceiling=Decimal("750000.00")),
            RealLot("Соціальна профілактика", "prevention", ceiling=Decimal("100000.00")),
            RealLot(
                "Соціальний супровід",
                "social-support",
                categories="Сім’ї та особи, які перебувають у складних життєвих обставинах",
                ceiling=Decimal("150000.00"),
            ),
        ),
    ),
)


def stand_in_dates(notice: RealNotice) -> dict[str, Any]:
    """Return a timetable for the whole announcement; only the day of the announcement and known terms are real."""
    dates = timetable(announced_at(notice), timedelta(days=15))
    terms = [lot.term for lot in notice.lots if lot.term]
    if terms:
        first, last = min(term[0] for term in terms), max(term[1] for term in terms)
        # the contract has to be made before the service that the source dates
        days = (first - notice.announced_on).days
        dates = timetable(announced_at(notice), timedelta(days=min(15, days // 3)))
        closes = dates["opening_at"].date()
        steps = {"evaluated_on": 1, "award_on": 2, "results_on": 3, "contract_on": 4}
        dates |= {point: closes + timedelta(days=step) for point, step in steps.items()}
        dates |= {"service_from": first, "service_to": last}
    return dates


def announced_at(notice: RealNotice) -> datetime:
    return datetime.combine(notice.announced_on, datetime.min.time(), UTC) + timedelta(hours=9)


def enter(notice: RealNotice) -> Competition:
    """Enter the notice and announce it on its own day, by the steps that an official takes."""
    make_rules()
    now = announced_at(notice)
    hromada = _hromada(notice)
    user = make_official_who_orders(hromada)
    commissioner = Commissioner.objects.create(
        organisation=make_organisation(code=next_edrpou(), name=notice.commissioner),
        hromada=hromada,
        address=STAND_IN["address"],
    )
    specifications = [_specification(lot, hromada, now) for lot in notice.lots]
    draft = calling.start_competition(
        user=user,
        commissioner_id=commissioner.pk,
        procedure="social-order",
        title=", ".join(lot.service for lot in notice.lots)[:300],
        now=now,
        decision_id=_decision(notice, hromada, specifications, now).pk,
    )
    rows = [
        {"title": lot.service, "specification": specification.pk, "ceiling": specification.ceiling}
        for lot, specification in zip(notice.lots, specifications, strict=True)
    ]
    calling.set_lots(competition_id=draft.pk, user=user, lots=rows, now=now)
    stand_in = {name: text for name, text in STAND_IN.items() if name != "address"}
    values = {**stand_in, "legal_ground": notice.legal_ground, **stand_in_dates(notice), **notice.known}
    calling.save_call(competition_id=draft.pk, user=user, values=values, now=now)
    published = calling.publish(competition_id=draft.pk, user=user, key=f"real-{notice.name}", now=now)
    Competition.objects.filter(pk=published.pk).update(is_demo=True)
    return Competition.objects.get(pk=published.pk)


def official_of(competition: Competition) -> User:
    return competition.created_by


def _hromada(notice: RealNotice) -> Territory:
    code, name = notice.oblast
    oblast, is_new = Territory.objects.get_or_create(code=code, defaults={"category": "O", "name": name})
    if is_new:
        oblast.oblast = oblast
        oblast.save()
    code, name = notice.hromada
    hromada, is_new = Territory.objects.get_or_create(
        code=code, defaults={"category": "H", "name": name, "parent": oblast, "oblast": oblast}
    )
    if is_new:
        hromada.hromada = hromada
        hromada.save()
    return hromada


def _specification(lot: RealLot, hromada: Territory, now: datetime) -> ServiceSpecification:
    service, _ = ServiceType.objects.get_or_create(slug=lot.slug, defaults={"name_uk": lot.service})
    group = VulnerableGroup.objects.filter(slug=lot.group).first()
    first, last = lot.term or (None, None)
    return ServiceSpecification.objects.create(
        hromada=hromada,
        title=lot.service,
        service_type=service,
        group=group,
        content=lot.content,
        categories=lot.categories,
        # one of volume and recipients has to be known
        recipients=lot.recipients,
        volume=None if lot.recipients else Decimal(1),
        place=lot.place,
        quality=lot.quality,
        standard=lot.standard,
        standard_is_draft=lot.standard_is_draft,
        ceiling=lot.ceiling or STAND_IN_SUM,
        service_from=first,
        service_to=last,
        created_at=now,
        saved_at=now,
    )


def _decision(
    notice: RealNotice, hromada: Territory, specifications: list[ServiceSpecification], now: datetime
) -> OrderDecision:
    year = notice.announced_on.year
    act = BudgetAct.objects.create(
        hromada=hromada, kind="adopted", year=year, adopted_on=date(year - 1, 12, 20), number="умовний", entered_at=now
    )
    decided = notice.decided_on or notice.announced_on - timedelta(days=1)
    decision = OrderDecision.objects.create(
        budget_act=act,
        hromada=hromada,
        state="taken",
        outcome="order",
        decided_on=decided,
        number="умовний",
        body=notice.commissioner,
        created_at=now,
        taken_at=now,
    )
    for one in {specification.service_type for specification in specifications}:
        OrderItem.objects.create(decision=decision, service_type=one, channel="social_order")
    return decision
