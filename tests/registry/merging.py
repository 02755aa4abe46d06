"""Steps of a merging as the tests of this folder take them."""

from datetime import timedelta

from registry.domain.merging import decide_merge, propose_merge
from tests.factories.registry import (
    NOW,
)

SECRET_STREET, SECRET_PHONE = "вул. Прихована", "+380509998877"


def everything(entry) -> dict[str, list]:
    return {
        "sites": list(entry.sites.values_list("pk", flat=True)),
        "contacts": list(entry.contacts.values_list("pk", flat=True)),
        "services": list(entry.services.values_list("pk", flat=True)),
        "values": ["about"],
    }


def propose(pair, officials, taken=None, **told):
    kept, given_up = pair
    kept.refresh_from_db()
    given_up.refresh_from_db()
    values = {
        "kept_id": kept.pk,
        "given_up_id": given_up.pk,
        "versions": (kept.version, given_up.version),
        "taken": everything(given_up) if taken is None else taken,
        "ground": "лист надавача від 01.11.2026",
        "user": officials["registrar"],
        "now": NOW,
    }
    return propose_merge(**{**values, **told})


def merged(pair, officials, taken=None):
    merge = propose(pair, officials, taken)
    decide_merge(merge_id=merge.pk, user=officials["approver"], now=NOW + timedelta(days=1))
    for entry in pair:
        entry.refresh_from_db()
    merge.refresh_from_db()
    return merge
