"""What tests of drafts do again and again."""

from registry.domain import drafts
from registry.models import Application
from tests.factories.registry import NOW

RNOKPP = "3184710691"


def start(user, organisation, kind="inclusion"):
    return drafts.start_application(user=user, organisation_id=organisation.pk, kind=kind, now=NOW)


def put(application, patch, *, user=None, base=None, now=NOW):
    """Save as the person who began the draft unless told otherwise."""
    return drafts.save_draft(
        application_id=application.pk,
        user=user or application.created_by,
        base_version=application.version if base is None else base,
        patch=patch,
        now=now,
    )


def content(application):
    return Application.objects.get(pk=application.pk).content


def refused(application, path, value):
    saved = put(application, {path: value})
    assert path not in content(application)
    return saved.refused.get(path)


def draft_now(draft):
    return Application.objects.select_related("created_by", "organisation").get(pk=draft.pk)
