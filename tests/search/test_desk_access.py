"""Who reaches what of the search at the desk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.kernel.models import StoredDocument
from search import rules
from search.models import Synonym
from tests.desk.test_access import found, wanted
from tests.search.editing import (
    EDIT,
    READ,
    TYPED,
    make_promotion,
    make_synonym,
)


@pytest.mark.parametrize(
    ("name", "args", "allowed"),
    [
        ("desk_synonyms:index", [], READ),
        ("desk_synonyms:index_results", [], READ),
        ("desk_synonyms:add", [], EDIT),
        ("desk_synonyms:import", [], EDIT),
        ("desk_synonyms:export", ["csv"], READ),
        ("desk_synonyms:export", ["xlsx"], READ),
        ("desk_promotions:index", [], READ),
        ("desk_promotions:add", [], EDIT),
        ("desk_sought:index", [], READ),
        ("desk_sought:index_results", [], READ),
        ("desk_unmet:index", [], READ),
        ("desk_unmet:index_results", [], READ),
    ],
)
def test_page_is_reached_by_role(desk, name, args, allowed):
    assert found(desk, reverse(name, args=args)) == wanted(allowed)


@pytest.mark.parametrize("name", ["desk_synonyms", "desk_promotions"])
def test_row_is_read_by_auditors_and_changed_by_editors(desk, name):
    row = make_synonym() if name == "desk_synonyms" else make_promotion()

    assert found(desk, reverse(f"{name}:inspect", args=[row.pk])) == wanted(READ)
    assert found(desk, reverse(f"{name}:edit", args=[row.pk])) == wanted(EDIT)
    assert found(desk, reverse(f"{name}:delete", args=[row.pk])) == wanted(EDIT)


def test_auditor_changes_nothing(desk):
    row = make_synonym()
    client = desk.clients["auditor"]

    for name in ("edit", "delete"):
        client.post(reverse(f"desk_synonyms:{name}", args=[row.pk]), {**TYPED, "phrase": "інше"})
    client.post(reverse("desk_synonyms:add"), {**TYPED, "phrase": "інше"})
    client.post(reverse("desk_synonyms:import"), {"file": SimpleUploadedFile("a.csv", b"phrase,kind,target\n")})

    assert list(Synonym.objects.values_list("phrase", flat=True)) == ["сиділка"]
    assert StoredDocument.objects.count() == 0


@pytest.mark.parametrize("role", ["administrator", "registrar", "approver", "editor", "auditor", "neighbour"])
def test_menu_has_the_search_for_those_who_may_read_it(desk, role):
    page = desk.clients[role].get(reverse("wagtailadmin_home")).content.decode()

    assert [reverse(f"{name}:index") in page for name in ("desk_synonyms", "desk_promotions", "desk_sought")] == [
        role in READ
    ] * 3


def test_account_out_of_use_may_nothing(desk):
    user = desk.users["editor"]
    user.is_active = False

    assert (rules.can_edit_search(user), rules.can_view_search(user)) == (False, False)
