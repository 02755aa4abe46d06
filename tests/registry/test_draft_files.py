"""A draft goes out as a file and comes back whole; evidence comes in as files."""

import json
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.document_types import DocumentRefused
from portal.kernel.models import StoredDocument
from portal.kernel.workflow import StepRefused
from registry.domain import drafts
from registry.domain.draft_files import LARGEST_FILE
from registry.enums import ApplicationState
from tests.factories.applications import (
    attach,
    fill,
    make_criteria,
    make_draft,
    save,
    service_part,
)
from tests.factories.registry import NOW
from tests.registry.drafting import RNOKPP, content, put, refused, start

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


# --- files -----------------------------------------------------------------------------------------------------------


def test_draft_is_exported_and_read_back_whole(draft):
    make_criteria()
    full = fill(draft)
    data = drafts.export_draft(full)
    emptied = save(full, dict.fromkeys(full.content))
    assert content(draft) == {}

    saved = drafts.import_draft(
        application_id=draft.pk, user=draft.created_by, base_version=emptied.version, data=data, now=NOW
    )

    # what was emptied after the export is a change of somebody's, so it is told and not overwritten
    assert {conflict.path for conflict in saved.conflicts} == set(full.content)
    again = put(draft, {one.path: one.mine for one in saved.conflicts}, base=saved.version)
    assert (again.conflicts, again.refused) == ([], {})
    assert content(draft) == json.loads(data)["content"]


def test_file_brings_back_changes_made_elsewhere_and_what_was_taken_away(draft):
    application = save(draft, {"about/about": "було", "organisation/short_name": "ГО"})
    frame = json.loads(drafts.export_draft(application))
    frame["content"] |= {"about/about": "стало"}
    del frame["content"]["organisation/short_name"]
    frame["digest"] = audit.digest_of(frame["content"])

    saved = drafts.import_draft(
        application_id=draft.pk,
        user=draft.created_by,
        base_version=2,
        data=json.dumps(frame).encode(),
        now=NOW,
    )

    assert (saved.version, saved.conflicts, saved.refused) == (3, [], {})
    assert content(draft)["about/about"] == "стало"
    assert "organisation/short_name" not in content(draft)


def test_export_holds_no_taxpayer_number_and_names_files():
    make_criteria()
    organisation = Organisation.objects.create(name="ФОП Відкрита", rnokpp=RNOKPP, person_type="sole_proprietor")
    application = fill(make_draft(organisation=organisation))

    data = drafts.export_draft(application).decode()

    assert RNOKPP not in data
    assert [one["name"] for one in json.loads(data)["files"]] == ["підтвердження.pdf"]


BROKEN = {
    "not json": lambda frame: b"\x00\x01",
    "not utf-8": lambda frame: "ґ".encode("cp1251"),
    "another json": lambda frame: b"[1, 2]",
    "deep": lambda frame: b"[" * 100_000,
    "no number": lambda frame: b'{"format": NaN}',
    "long number": lambda frame: b"9" * 100_000,
    "huge": lambda frame: b" " * (LARGEST_FILE + 1),
    "content of another kind": lambda frame: json.dumps(frame | {"content": []}).encode(),
    "another version": lambda frame: json.dumps(frame | {"format_version": 2}).encode(),
    "version is no number": lambda frame: json.dumps(frame | {"version": True}).encode(),
    "tampered": lambda frame: json.dumps(frame | {"content": {"about/about": "підроблено"}}).encode(),
    "without a digest": lambda frame: json.dumps({**frame, "digest": None}).encode(),
    "another application": lambda frame: json.dumps(frame | {"application": str(uuid4())}).encode(),
    "no application": lambda frame: json.dumps(frame | {"application": "1"}).encode(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_file_of_this_draft_is_refused(draft, name):
    data = BROKEN[name](json.loads(drafts.export_draft(draft)))

    with pytest.raises(StepRefused):
        drafts.import_draft(application_id=draft.pk, user=draft.created_by, base_version=1, data=data, now=NOW)
    assert content(draft) == draft.content


def test_forged_file_cannot_do_what_a_form_cannot(draft):
    frame = json.loads(drafts.export_draft(draft))
    frame["content"] |= {"services/1/row": 1, "services/1/price": "-5", "x": 1, "about/about": f"{RNOKPP} "}
    frame["digest"] = audit.digest_of(frame["content"])

    saved = drafts.import_draft(
        application_id=draft.pk, user=draft.created_by, base_version=1, data=json.dumps(frame).encode(), now=NOW
    )

    assert set(saved.refused) == {"services/1/price", "x", "about/about"}
    assert content(draft) == draft.content


def test_file_of_an_earlier_application_fills_a_new_draft_but_not_of_another_organisation(draft):
    old = save(draft, {"about/about": "з минулого разу"})
    data = drafts.export_draft(old)
    old.state, old.closed_at = ApplicationState.WITHDRAWN, NOW
    old.save()
    new = start(old.created_by, old.organisation)
    other = make_draft()

    def bring(application):
        return drafts.import_draft(
            application_id=application.pk, user=application.created_by, base_version=1, data=data, now=NOW
        )

    assert bring(new).conflicts == []
    assert content(new)["about/about"] == "з минулого разу"
    with pytest.raises(StepRefused):
        bring(other)


# --- evidence --------------------------------------------------------------------------------------------------------


def test_evidence_is_stored_under_its_criterion(draft):
    make_criteria()
    application = attach(save(draft, service_part()), "criteria/1/staff/document")

    document = StoredDocument.objects.get()
    assert content(application)["criteria/1/staff/document"] == str(document.pk)
    assert (document.kind, document.subject) == ("application-evidence", f"registry.application:{draft.pk}")


@pytest.mark.parametrize(
    "path", ["about/about", "criteria/1/staff/statement", "criteria/2/staff/document", "criteria/1/нема/document"]
)
def test_file_without_a_criterion_is_refused_and_leaves_no_row(draft, path):
    make_criteria()
    application = save(draft, service_part())

    with pytest.raises(StepRefused):
        attach(application, path)
    assert StoredDocument.objects.count() == 0


def test_dangerous_file_is_refused(draft):
    make_criteria()
    application = save(draft, service_part())

    with pytest.raises(DocumentRefused):
        drafts.attach_document(
            application_id=application.pk,
            user=application.created_by,
            path="criteria/1/staff/document",
            file=ContentFile(b"<svg onload='x'/>", name="a.pdf"),
            base_version=application.version,
            now=NOW,
        )


def test_file_of_another_organisation_is_no_evidence(draft):
    make_criteria()
    theirs = attach(save(make_draft(), service_part()), "criteria/1/staff/document")
    mine = save(draft, service_part())

    stolen = theirs.content["criteria/1/staff/document"]
    assert refused(mine, "criteria/1/staff/document", stolen)
