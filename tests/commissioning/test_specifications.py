"""What exactly is ordered: three choices, a price that is counted, a copy in place of an edit."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from procurement.domain.calls.specifications import (
    CeilingTooHigh,
    copy_specification,
    create_specification,
    remove_specification,
    save_specification,
    starting_values,
)
from procurement.models import OrderItem, ServiceSpecification
from registry.models import DeliveryForm
from tests.factories.ordering import NOW, make_budget_act, make_order_decision, make_specification
from tests.factories.procurement import make_call, make_published
from tests.factories.registry import make_catalogue

pytestmark = pytest.mark.django_db
LIST = "/cabinet/commissioning/specifications/"
START = f"{LIST}new/"


def save(office, specification, **values):
    return save_specification(specification_id=specification.pk, user=office.official, values=values, now=NOW)


@pytest.mark.parametrize(
    ("volume", "tariff", "ceiling"),
    [
        ("1800", "180.00", "324000.00"),
        ("12.5", "33.33", "416.63"),
        ("0.5", "0.01", "0.01"),
        ("1", "0.004", "0.00"),
        ("0", "180", "0.00"),
    ],
)
def test_empty_ceiling_is_volume_times_tariff_with_half_a_kopiika_up(office, volume, tariff, ceiling):
    found = save(office, make_specification(ceiling=None), volume=Decimal(volume), tariff=Decimal(tariff), ceiling=None)

    assert found.ceiling == Decimal(ceiling)


@pytest.mark.parametrize("missing", ["volume", "tariff"])
def test_ceiling_is_free_where_the_volume_or_the_tariff_is_unknown(office, missing):
    found = save(office, make_specification(), **{missing: None, "ceiling": Decimal("999999.00")})

    assert found.ceiling == Decimal("999999.00")


def test_ceiling_may_be_lower_than_what_is_counted(office):
    assert save(office, make_specification(), ceiling=Decimal("100.00")).ceiling == Decimal("100.00")


def test_ceiling_above_what_is_counted_is_refused_with_the_arithmetic(office):
    specification = make_specification()

    with pytest.raises(CeilingTooHigh, match=r"324000\.01.*1800 × 180 = 324000\.00") as refusal:
        save(office, specification, ceiling=Decimal("324000.01"))

    assert refusal.value.most == Decimal("324000.00")
    specification.refresh_from_db()
    assert specification.ceiling == Decimal("324000.00")


def test_product_too_large_for_the_books_is_refused(office):
    with pytest.raises(StepRefused):
        save(office, make_specification(), volume=Decimal(9_999_999_999), tariff=Decimal(9_999_999_999), ceiling=None)


def test_unknown_field_is_refused(office):
    with pytest.raises(KeyError):
        save(office, make_specification(), hromada=office.places.odesa_hromada)


def test_another_hromada_may_not_write(office):
    specification = make_specification()

    for act in (
        lambda user: save_specification(specification_id=specification.pk, user=user, values={"title": "x"}, now=NOW),
        lambda user: copy_specification(specification_id=specification.pk, user=user, now=NOW),
        lambda user: remove_specification(specification_id=specification.pk, user=user),
        lambda user: create_specification(user=user, hromada_id=office.places.dykanska.pk, values={}, now=NOW),
    ):
        for who in ("neighbour", "provider", "auditor", "registrar"):
            with pytest.raises(PermissionDenied):
                act(office.users[who])


def test_item_of_another_hromada_is_not_there(office):
    item = make_order_decision(make_budget_act(office.places.odesa_hromada)).items.first()

    with pytest.raises(OrderItem.DoesNotExist):
        create_specification(
            user=office.official,
            hromada_id=office.places.dykanska.pk,
            values={"title": "x"},
            order_item_id=item.pk,
            now=NOW,
        )


def test_used_specification_is_copied_not_edited(office):
    competition = make_published(user=office.official)
    used = competition.lots.get().specification

    with pytest.raises(StepRefused):
        save(office, used, title="Інша назва")
    copy = copy_specification(specification_id=used.pk, user=office.official, now=NOW)
    save(office, copy, title="Інша назва")

    used.refresh_from_db()
    assert (used.title, used.pk != copy.pk) == ("Догляд вдома осіб похилого віку", True)
    assert competition.lots.get().snapshot["title"] == "Догляд вдома осіб похилого віку"


def test_specification_of_a_lot_in_preparation_is_edited_and_not_removed(office):
    specification = make_call(user=office.official).lots.get().specification

    save(office, specification, title="Інша назва")

    with pytest.raises(StepRefused):
        remove_specification(specification_id=specification.pk, user=office.official)
    remove_specification(specification_id=make_specification().pk, user=office.official)
    assert ServiceSpecification.objects.get().title == "Інша назва"


def test_starting_values_come_from_the_catalogue_and_the_decision(office):
    words = make_catalogue()
    words.home_care.state_standard = "Наказ 760 від 13.11.2013"
    item = make_order_decision().items.get(service_type=words.home_care)
    item.volume, item.unit = Decimal(1800), "Година"

    values = starting_values(words.older_people, words.home_care, words.at_home, item)

    assert values["title"] == "Догляд вдома: Особи похилого віку, вдома"
    assert (values["recipients"], values["volume"], values["unit"]) == (20, Decimal(1800), "person_hour")
    assert values["standard"] == "Наказ 760 від 13.11.2013"
    item.unit = "людино-комплект"
    assert starting_values(None, words.home_care, None, item)["unit"] == ""


def test_builder_offers_the_forms_that_fit_the_service_first(office):
    words = make_catalogue()
    DeliveryForm.objects.create(slug="street", name_uk="На вулиці")

    page = office.client.get(START, {"group": words.older_people.pk, "service_type": words.home_care.pk})

    groups = [
        (str(heading), [label for _key, label in options])
        for heading, options in page.context["form"].fields["delivery_form"].choices
    ]
    assert [labels for _heading, labels in groups] == [["Вдома"], ["Стаціонарно", "На вулиці"]]
    unknown = office.client.get(START, {"group": words.older_people.pk, "service_type": words.shelter.pk})
    assert unknown.context["form"].fitting is False


def test_builder_makes_a_specification_from_a_line_of_the_decision(office):
    words = make_catalogue()
    item = make_order_decision().items.get(service_type=words.home_care)
    OrderItem.objects.filter(pk=item.pk).update(group=words.older_people)

    first = office.client.get(START, {"item": item.pk})
    assert first.context["form"].initial == {"group": words.older_people.pk, "service_type": words.home_care.pk}
    answer = office.client.post(
        START,
        {
            "item": item.pk,
            "group": words.older_people.pk,
            "service_type": words.home_care.pk,
            "delivery_form": words.at_home.pk,
        },
    )

    made = ServiceSpecification.objects.get()
    assert answer.url == f"{LIST}{made.pk}/"
    assert (made.order_item, made.recipients, made.hromada) == (item, 20, office.places.dykanska)


def test_builder_asks_again_for_what_was_not_chosen(office):
    words = make_catalogue()

    assert office.client.get(START, {"service_type": words.home_care.pk}).status_code == 422
    answer = office.client.post(START, {"group": words.older_people.pk, "service_type": words.home_care.pk})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"delivery_form"}
    assert not ServiceSpecification.objects.exists()


def filled(specification, **values) -> dict:
    return {
        "title": specification.title,
        "group": specification.group_id,
        "service_type": specification.service_type_id,
        "delivery_form": specification.delivery_form_id,
        "volume": "1 800",
        "unit": "person_hour",
        "tariff": "180,50",
        **values,
    }


def test_page_saves_numbers_as_people_write_them_and_shows_the_arithmetic(office):
    specification = make_specification()

    office.client.post(f"{LIST}{specification.pk}/", filled(specification))
    page = office.client.get(f"{LIST}{specification.pk}/")

    specification.refresh_from_db()
    assert (specification.volume, specification.ceiling) == (Decimal(1800), Decimal("324900.00"))
    assert page.context["arithmetic"].most == Decimal("324900.00")
    # what is counted is not shown as typed
    assert page.context["form"]["ceiling"].value() is None


def test_page_refuses_a_ceiling_beside_its_field_and_loses_nothing(office):
    specification = make_specification()
    typed = filled(specification, ceiling="400000", quality="Не рідше тричі на тиждень", service_from="2027-06-01")

    answer = office.client.post(f"{LIST}{specification.pk}/", typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"ceiling"}
    content = answer.content.decode()
    assert all(value in content for value in ("400000", "Не рідше тричі на тиждень", "2027-06-01", "180,50", "1 800"))


def test_page_refuses_a_term_that_ends_before_it_begins(office):
    specification = make_specification()

    answer = office.client.post(
        f"{LIST}{specification.pk}/",
        filled(specification, service_from=date(2027, 6, 2).isoformat(), service_to=date(2027, 6, 1).isoformat()),
    )

    assert answer.context["form"].errors.keys() == {"service_to"}


def test_used_specification_is_read_and_copied_from_its_page(office):
    used = make_published(user=office.official).lots.get().specification

    page = office.client.get(f"{LIST}{used.pk}/")
    assert (page.templates[0].name, page.context["used"]) == ("commissioning/specification_read.html", True)
    answer = office.client.post(f"{LIST}{used.pk}/copy/")

    assert answer.url == f"{LIST}{ServiceSpecification.objects.exclude(pk=used.pk).get().pk}/"


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_number_of_queries_for_every_length(office, django_assert_num_queries, number):
    for _one in range(number):
        make_call(user=office.official)
    office.client.get(LIST)

    with django_assert_num_queries(10):
        page = office.client.get(LIST)

    assert len(page.context["specifications"]) == number


def test_decision_leads_to_specifications_and_to_a_competition(office):
    decision = make_order_decision()
    item = decision.items.first()

    page = office.client.get(f"/cabinet/commissioning/decisions/{decision.pk}/").content.decode()

    assert f'href="{START}?item={item.pk}"' in page
    assert f'href="/cabinet/commissioning/competitions/new/?decision={decision.pk}"' in page
