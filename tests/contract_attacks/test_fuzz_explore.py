import re, time
from uuid import uuid4
import pytest
from django.core.signals import got_request_exception
from django.urls import reverse
from portal.kernel import clock
from tests.contract_machine.test_doors import things, addresses, make_bidder
from tests.factories.contracts import *
from tests.factories.accounts import *
from procurement.models import *
pytestmark = pytest.mark.django_db

ODD = ["9"*40, "-1", "0", "NaN", "1e30", "Infinity", "0e1000000", "1,5", "-0,01", "٣", "=1+1", "<script>alert(1)</script>", "\u202eabc", "\x01\x0b\x1f", "a"*100000, "\x00", "2027-02-30", "9999-12-31", "0001-01-01", "'", "%s%(x)s", "{{ x }}", "\ud7ff\uffff", "😀"*3]

def names_of(html):
    return set(re.findall(r'name="([^"]+)"', html)) - {"csrfmiddlewaretoken", "language", "next"}

def test_fuzz(sign_in, things):
    from tests.factories.ordering import make_official_who_orders
    faults = {}
    slow = []
    def seen(sender, request=None, **kw):
        import sys, traceback
        e = sys.exc_info()
        tb = traceback.extract_tb(e[2])
        own = [f for f in tb if "/procurement/" in f.filename or "/registry/" in f.filename or "/portal/" in f.filename]
        where = f"{own[-1].filename.split('/work/main/')[-1]}:{own[-1].lineno}" if own else "?"
        faults.setdefault((request.method, request.path_info if len(request.path_info)<80 else "long", str(e[0].__name__), where), str(e[1])[:120])
    got_request_exception.connect(seen)
    from django.db import transaction
    contract = things["contracts"][1]
    official, provider = contract.created_by, contract.contractor.mandates.first().person
    with clock.standing_at(NOW):
        for who in (official, provider):
            b = sign_in(who); b.raise_request_exception = False
            for name, address in addresses(things):
                for q in ("?page=" + "9"*30, "?page=-1", "?page=%00", "?tab=%00&state=%ff&show=x&year=99999999999999999999&hromada=%00&provider=" + "9"*25 + "&kind=external&contract=%00&finding=%00&basis=%00&follows=x&q=%00" + "a"*3000, ""):
                    t = time.time(); r = b.get(address + q); 
                    if time.time() - t > 2: slow.append((name, q[:20], time.time()-t))
                html = r.content.decode(errors="replace") if not r.streaming and r.status_code == 200 else ""
                fields = names_of(html)
                for odd in ODD:
                    if not fields: break
                    sid = transaction.savepoint()
                    t = time.time(); b.post(address, {f: odd for f in fields})
                    if time.time() - t > 2: slow.append((name, odd[:20], time.time()-t))
                    transaction.savepoint_rollback(sid)
    got_request_exception.disconnect(seen)
    for k, v in faults.items(): print("FAULT", k, v)
    for s in slow: print("SLOW", s)
