"""The desk's pages of applications and claims, and a public decision, in a real browser: no barrier, no sideways scroll."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mandates import claim_organisation
from registry.domain.drafts import criteria_of
from registry.domain.examination import (
    ask_correction,
    check_criterion,
    decide,
    propose_outcome,
    take_application,
)
from registry.models import Ground
from tests.browser.obstacles import DESKTOP, PHONE, obstacles
from tests.factories.accounts import make_official, make_person
from tests.factories.applications import make_criteria, make_rules, make_submitted
from tests.factories.registry import make_provider, make_territories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = timezone.now()


def page_of(name, application, *args) -> str:
    return reverse(f"desk_applications:{name}", args=[application.pk, *args])


@pytest.fixture
def desk_pages(transactional_db) -> dict[str, tuple[str, str]]:
    """Return addresses by what they show, each with the role that opens it, over one application in each state."""
    place = make_territories().poltavska
    officials = {role: make_official(role, place) for role in ("registrar", "approver")}
    make_criteria()
    make_rules(correction_days=10)
    registrar = officials["registrar"]
    for outcome in ("refuse", "include_some"):
        Ground.objects.create(
            slug=outcome, outcome=outcome, text_uk="Підстава.", act="99-2021", point="п. 7", valid_from="2021-01-01"
        )

    def taken(**fields):
        application = make_submitted(now=NOW - timedelta(days=1), **fields)
        take_application(application_id=application.pk, user=registrar, now=NOW)
        return application

    def proposed(**fields):
        application = taken(**fields)
        for key, criteria in criteria_of(application).items():
            for criterion in criteria:
                check_criterion(
                    application_id=application.pk,
                    user=registrar,
                    criterion_id=criterion.pk,
                    service_key=key,
                    result="met",
                    note="",
                    now=NOW,
                )
        propose_outcome(
            application_id=application.pk, user=registrar, outcome="include", ground_ids=[], reason="Так.", now=NOW
        )
        return application

    submitted = make_submitted(now=NOW, **{"contacts/2/private": True})
    examined, waiting, decided = taken(services=2), proposed(services=2), proposed()
    decision = decide(application_id=decided.pk, user=officials["approver"], now=NOW)
    amended = make_submitted("amendment", organisation=decision.entry.organisation, now=NOW)
    corrected = taken()
    ask_correction(application_id=corrected.pk, user=registrar, fields=["sites/1/room"], comment="Уточніть.", now=NOW)
    entry = make_provider()
    claim = claim_organisation(
        user=make_person(),
        code=entry.organisation.code,
        name="",
        scope="representative",
        statement="Голова правління.",
        evidence=None,
        now=NOW,
    )
    return {
        "home": ("registrar", reverse("wagtailadmin_home")),
        "queue": ("registrar", reverse("desk_applications:index")),
        "submitted": ("registrar", page_of("application", submitted)),
        "take": ("registrar", page_of("take", submitted)),
        "examined": ("registrar", page_of("application", examined)),
        "criteria": ("registrar", page_of("checks", examined, "1")),
        "correction": ("registrar", page_of("correction", examined)),
        "outcome": ("registrar", page_of("propose", examined) + "?outcome=x"),
        "proposal": ("registrar", page_of("propose", examined) + "?outcome=include_some"),
        "corrected": ("registrar", page_of("application", corrected)),
        "amended": ("registrar", page_of("application", amended)),
        "decide": ("approver", page_of("decide", waiting)),
        "send back": ("approver", page_of("send_back", waiting)),
        "decided": ("approver", page_of("application", decided)),
        "correct": ("approver", page_of("correct_decision", decided)),
        "case": ("registrar", reverse("desk_applications:initiative", args=[entry.number])),
        "claims": ("registrar", reverse("desk_claims:index")),
        "claim": ("registrar", reverse("desk_claims:claim", args=[claim.pk])),
        "decision": ("", reverse("registry:decision", args=[decision.number])),
        "history": ("", reverse("registry:history", args=[decision.entry.number])),
    }


def cookies_of(role: str, url: str) -> list[dict[str, str]]:
    from portal.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(groups__name=role))
    return [
        {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": url}
    ]


def test_desk_of_applications_has_no_barrier_known_to_axe(browse, live_server, desk_pages):
    windows = {role: browse(*PHONE) for role in ("registrar", "approver", "")}
    for role in ("registrar", "approver"):
        windows[role].add_cookies(cookies_of(role, live_server.url))
    pages = {role: window.new_page() for role, window in windows.items()}
    found = {}
    for name, (role, address) in desk_pages.items():
        page = pages[role]
        # the side bar of the desk moves for a while when the screen changes: it is opened on each
        for size in (PHONE, DESKTOP):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert page.goto(address).status == 200, name
            page.wait_for_load_state("networkidle")
            if problems := obstacles(page, [size]):
                found[name] = problems

    assert found == {}
