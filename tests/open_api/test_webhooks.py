"""Webhooks: signed, in order, at least once, into no closed network, switched off when nobody answers."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from portal.site.models import FeedHead, Webhook, WebhookState
from portal.site.opendata import feed
from portal.site.webhooks import delivering, registering, sending
from registry.domain.demo import removing
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from tests.factories.accounts import make_person
from tests.factories.ordering import make_official_who_orders
from tests.factories.procurement import make_bidder
from tests.factories.registry import NOW, REGISTRAR, make_territories
from tests.open_api.following import everything
from tests.open_api.receiver import receiving
from tests.open_api.scene import make_full_provider

pytestmark = pytest.mark.django_db
KINDS = ["provider", "service"]


def register(url, kinds=KINDS):
    organisation, person = make_bidder()
    return registering.register(user=person, owner=f"o{organisation.pk}", url=url, kinds=kinds, now=timezone.now())


def turn(*, later=timedelta(0)):
    """Let the worker go its round."""
    now = timezone.now() + later
    feed.catch_up(now)
    delivering.wake(now)
    deliver(now)


def changes(server):
    return [change for _headers, body in server.got for change in json.loads(body)["data"]["changes"]]


def is_signed(secret, headers, body):
    """Check as docs/api.md tells receivers to."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signature = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(f"v1,{signature}", headers["webhook-signature"])


def test_changes_come_signed_in_order_and_once():
    with receiving() as server:
        hook, secret = register(server.url)
        turn()
        assert server.got == []
        entry = make_full_provider()
        turn()
        turn()
    told = changes(server)
    assert [one["position"] for one in told] == sorted(one["position"] for one in told)
    assert {(one["kind"], one["id"]): one["object"] for one in told} == {
        at: one for at, one in everything().items() if at[0] in KINDS and entry.number in at[1]
    }
    ((headers, body),) = server.got
    assert is_signed(secret, headers, body)
    assert not is_signed(secret, headers, body + b" ")
    hook.refresh_from_db()
    assert hook.position == FeedHead.objects.get().position
    assert (hook.deliveries.get().status, hook.deliveries.get().changes) == (200, 3)


def test_many_changes_come_page_by_page(monkeypatch):
    monkeypatch.setattr(delivering, "CHANGES", 2)
    with receiving() as server:
        register(server.url)
        make_full_provider()
        make_full_provider()
        turn()
    assert [len(json.loads(body)["data"]["changes"]) for _headers, body in server.got] == [2, 2, 2]


def test_what_fails_comes_again_and_nothing_is_lost_meanwhile():
    with receiving(500, 302) as server:
        hook, _secret = register(server.url)
        entry = make_full_provider()
        turn()
        hook.refresh_from_db()
        assert (hook.failures, hook.position < FeedHead.objects.get().position) == (1, True)
        put_providers(
            [ProviderRecord(code=entry.organisation.code, about="Нове.")], actor=REGISTRAR, ground="тест", now=NOW
        )
        turn()
        assert OutboxMessage.objects.filter(kind="webhook", sent_at=None).count() == 1
        assert len(server.got) == 1
        turn(later=timedelta(minutes=2))
        assert len(server.got) == 2, "a redirect is not followed"
        turn(later=timedelta(minutes=8))
    hook.refresh_from_db()
    assert (hook.failures, hook.position) == (0, FeedHead.objects.get().position)
    last = {(one["kind"], one["id"]): one["object"] for one in changes(server)}
    assert last["provider", entry.number]["about"] == "Нове."


def test_who_never_answers_is_switched_off_with_a_letter_and_told_all_when_switched_on():
    with receiving(*[500] * 12) as server:
        hook, _secret = register(server.url)
        make_full_provider()
        for days in range(14):
            turn(later=timedelta(days=days))
        hook.refresh_from_db()
        assert (hook.state, len(server.got)) == (WebhookState.DISABLED, 12)
        letter = OutboxMessage.objects.get(kind="mail")
        assert hook.created_by.email in letter.payload.get("to", ())
        registering.switch_on(hook)
        turn()
        assert len(server.got) == 13
    hook.refresh_from_db()
    assert (hook.state, hook.position) == (WebhookState.ACTIVE, FeedHead.objects.get().position)


def test_address_that_is_gone_is_switched_off_at_once():
    with receiving(410) as server:
        hook, _secret = register(server.url)
        make_full_provider()
        turn()
    hook.refresh_from_db()
    assert hook.state == WebhookState.DISABLED


def test_two_workers_do_not_deliver_to_one_webhook_at_once():
    with receiving() as server:
        hook, _secret = register(server.url)
        make_full_provider()
        Webhook.objects.filter(pk=hook.pk).update(busy_until=timezone.now() + timedelta(minutes=1))
        turn()
        assert server.got == []
        turn(later=timedelta(minutes=10))
        Webhook.objects.filter(pk=hook.pk).update(busy_until=None)
        turn(later=timedelta(minutes=30))
    assert len(server.got) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://10.0.0.1/x",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://localhost/",
        "https://user:word@8.8.8.8/",
        "https://8.8.8.8:22/",
        "https://8.8.8.8/#x",
        "ftp://8.8.8.8/",
        "https:///x",
        "https://[8.8.8.8/",
        "https://8.8.8.8:x/",
    ],
)
def test_address_into_a_closed_network_is_refused(url):
    with pytest.raises(sending.AddressRefused):
        sending.resolved(sending.judged(url))


def test_open_address_is_judged_open_and_own_one_only_where_allowed(settings):
    assert sending.resolved(sending.judged("https://8.8.8.8/hook")) == "8.8.8.8"
    settings.WEBHOOKS_TO_LOCALHOST = False
    with pytest.raises(sending.AddressRefused):
        sending.judged("http://127.0.0.1:8000/")


def test_name_that_later_leads_into_a_closed_network_is_not_sent_to(settings):
    with receiving() as server:
        hook, _secret = register(server.url)
        settings.WEBHOOKS_TO_LOCALHOST = False
        make_full_provider()
        turn()
        assert server.got == []
    hook.refresh_from_db()
    assert (hook.failures, bool(hook.deliveries.get().error)) == (1, True)


def test_person_registers_tries_and_removes_a_webhook(sign_in):
    organisation, person = make_bidder()
    client = sign_in(person)
    with receiving() as server:
        values = {"owner": f"o{organisation.pk}", "url": server.url, "kinds": ["provider"]}
        page = client.post("/cabinet/webhooks/", values)
        hook = Webhook.objects.get()
        (secret,) = [
            word for word in page.content.decode().replace("<", " ").replace(">", " ").split() if "whsec_" in word
        ]
        assert secret.encode() not in bytes(hook.secret)
        client.post(f"/cabinet/webhooks/{hook.pk}/test/")
        ((headers, body),) = server.got
        assert is_signed(secret, headers, body)
    page = client.get(f"/cabinet/webhooks/{hook.pk}/")
    assert secret not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert server.url in client.get("/cabinet/webhooks/").content.decode().replace("&amp;", "&")
    client.post(f"/cabinet/webhooks/{hook.pk}/remove/")
    assert not Webhook.objects.exists()


def test_webhook_of_others_does_not_exist(sign_in):
    with receiving() as server:
        hook, _secret = register(server.url)
    for client in (sign_in(make_person()), sign_in(make_bidder()[1])):
        assert client.get(f"/cabinet/webhooks/{hook.pk}/").status_code == 404
        assert client.post(f"/cabinet/webhooks/{hook.pk}/remove/").status_code == 404
        answer = client.post(
            "/cabinet/webhooks/", {"owner": f"o{hook.organisation_id}", "url": hook.url, "kinds": "provider"}
        )
        assert Webhook.objects.count() == 1
        assert answer.status_code == 200
    assert sign_in(make_person()).get("/cabinet/webhooks/").status_code == 200


def test_official_registers_for_the_own_hromada(sign_in):
    hromada = make_territories().dykanska
    official = make_official_who_orders(hromada)
    client = sign_in(official)
    with receiving() as server:
        client.post("/cabinet/webhooks/", {"owner": f"h{hromada.pk}", "url": server.url, "kinds": ["contract"]})
    assert Webhook.objects.get().hromada == hromada


def test_form_refuses_closed_addresses_and_more_than_an_owner_may_have(sign_in, settings):
    settings.WEBHOOKS_OF_ONE_OWNER = 1
    organisation, person = make_bidder()
    client = sign_in(person)
    values = {"owner": f"o{organisation.pk}", "url": "https://10.0.0.1/", "kinds": ["provider"]}
    assert client.post("/cabinet/webhooks/", values).context["form"].errors.keys() == {"url"}
    with receiving() as server:
        for _turn in range(2):
            client.post("/cabinet/webhooks/", {**values, "url": server.url})
    assert Webhook.objects.count() == 1


def test_webhooks_of_invented_organisations_go_with_them():
    organisation, person = make_bidder(demo=True)
    hook, _secret = registering.register(
        user=person, owner=f"o{organisation.pk}", url="https://8.8.8.8/", kinds=KINDS, now=timezone.now()
    )
    assert hook.organisation.is_demo
    removing.remove(actor_role="operator", now=NOW)
    assert not Webhook.objects.exists()


def test_page_about_the_api_is_public(client):
    page = client.get("/api/")
    assert page.status_code == 200
    assert "/api/v1/openapi.json" in page.content.decode()
    assert not page.cookies
