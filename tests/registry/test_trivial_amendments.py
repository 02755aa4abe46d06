"""A change of what the policy calls trivial is entered at once, without people."""

import pytest

from portal.kernel import audit
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord
from registry.models import Application, EntryChange, RegisterEntry
from tests.factories.applications import (
    CONSENTS,
    make_draft,
    make_rules,
    save,
)
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider
from tests.registry.applying import MOMENT, press

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def entry():
    make_rules(trivial_parts=["contacts"])
    words = make_catalogue()
    return make_provider(
        contacts=[ContactRecord("phone", "+380535190000"), ContactRecord("email", "a@example.org")],
        services=[ServiceRecord(words.home_care.pk, at_sites=(0,))],
    )


def amend(entry, **patch):
    draft = make_draft("amendment", organisation=entry.organisation)
    return save(draft, {**CONSENTS, **patch})


def phones(entry):
    return list(entry.contacts.order_by("pk").values_list("value", flat=True))


def test_trivial_amendment_is_entered_at_once(entry, heard, django_capture_on_commit_callbacks):
    draft = amend(entry, **{"contacts/1/value": "102", "contacts/3/kind": "phone", "contacts/3/value": "103"})

    with django_capture_on_commit_callbacks(execute=True):
        application = press(draft)

    assert (application.state, application.closed_at, application.number) == ("decided", MOMENT, "2026-000001")
    assert not hasattr(Application.objects.get(pk=draft.pk), "decision")
    assert phones(entry) == ["102", "a@example.org", "103"]
    (change, _new) = EntryChange.objects.filter(act="amended").order_by("pk")
    assert (change.by, change.actor_role, change.old, change.new) == (
        draft.created_by,
        "provider",
        "+380535190000",
        "102",
    )
    assert application.number in change.ground
    steps = application.steps.values_list("step", "from_state", "to_state")
    assert list(steps) == [("submit", "draft", "submitted"), ("enter_at_once", "submitted", "decided")]
    assert application.steps.last().comment == change.ground
    assert heard == [(application.pk, "submit"), (application.pk, "enter_at_once")]
    assert audit.verify() is None


@pytest.mark.parametrize(
    "patch", [{"about/about": "Нове."}, {"contacts/1/value": "102", "services/1/conditions": "Заява."}]
)
def test_amendment_of_more_than_trivial_parts_waits_for_people(entry, patch):
    required = {"services/1/content": "…", "services/1/groups": ["older-people"], "services/1/price_mode": "free"}
    patch = {**patch, **(required | {"services/1/area_kind": "country"} if "services/1/conditions" in patch else {})}

    assert press(amend(entry, **patch)).state == "submitted"
    assert phones(entry) == ["+380535190000", "a@example.org"]


def test_policy_without_trivial_parts_lets_nothing_pass(entry):
    make_rules(trivial_parts=[])

    assert press(amend(entry, **{"contacts/1/value": "102"})).state == "submitted"


def test_trivial_change_keeps_what_the_register_changed_elsewhere(entry):
    draft = amend(entry, **{"contacts/1/value": "102"})
    mail = ContactRecord("email", "b@example.org", row_id=entry.contacts.get(kind="email").pk)
    phone = ContactRecord("phone", "+380535190000")
    record = ProviderRecord(code=entry.organisation.code, about="від реєстратора", contacts=[phone, mail])
    put_providers([record], actor=REGISTRAR, ground="тест", now=NOW, replace_parts=True)

    assert press(draft).state == "decided"
    assert phones(entry) == ["102", "b@example.org"]
    assert RegisterEntry.objects.get().about == "від реєстратора"


def test_trivial_change_of_what_the_register_changed_too_waits_for_people(entry):
    draft = amend(entry, **{"contacts/1/value": "102"})
    phone = ContactRecord("phone", "103", row_id=entry.contacts.get(kind="phone").pk)
    record = ProviderRecord(code=entry.organisation.code, contacts=[phone])
    put_providers([record], actor=REGISTRAR, ground="тест", now=NOW)

    assert press(draft).state == "submitted"
    assert phones(entry) == ["103", "a@example.org"]
