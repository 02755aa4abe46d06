"""Keys of competitions and of drafts: made, kept outside, and missed in time when they are lost."""

import base64
from io import StringIO
from pathlib import Path

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from portal.kernel import vault
from procurement.checks import check_keys, check_readers
from procurement.domain.seal import keys
from procurement.domain.seal.working_copies import read_copy
from procurement.models import SealingKey
from tests.sealing.worlds import make_bid, make_competition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.SEALING_KEY_FILE = tmp_path / "keys" / "sealing.key"
    settings.DRAFT_KEY_FILE = tmp_path / "keys" / "drafts.key"
    keys.make_missing_keys()


def replace_key(path):
    path.unlink()
    vault.write_new_key(path, "another")


def test_new_keys_open_again_and_are_remembered_by_their_public_half():
    made = keys.new_competition_keys("2031-00001")

    row = SealingKey.objects.get()
    assert (row.key_id, len(made.public)) == (made.sealed_by, 32)
    assert keys.key_holder().unwrap(made.wrapped, made.sealed_by, b"competition key\n2031-00001")


def test_wrapping_is_bound_to_the_competition():
    made = keys.new_competition_keys("2031-00001")

    with pytest.raises(vault.SealBroken):
        keys.key_holder().unwrap(made.wrapped, made.sealed_by, b"competition key\n2031-00002")


def test_all_is_well_with_keys_that_fit():
    make_bid(make_competition())

    assert keys.key_faults() == []
    assert check_keys(databases=["default"]) == []
    assert check_readers() == []


def test_no_key_yet_is_a_warning_and_says_what_to_run(settings):
    settings.SEALING_KEY_FILE.unlink()

    (told,) = check_keys(databases=["default"])

    assert isinstance(told, checks.Warning)
    assert "make_sealing_keys" in told.hint
    with pytest.raises(vault.KeyMissing):
        keys.new_competition_keys("2031-00001")


def test_lost_sealing_key_of_an_announced_competition_is_an_error(settings):
    make_competition()
    settings.SEALING_KEY_FILE.unlink()

    (told,) = check_keys(databases=["default"])

    assert isinstance(told, checks.Error)
    assert str(settings.SEALING_KEY_FILE) in told.hint
    assert str(settings.SEALING_KEY_FILE) not in told.msg


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"not base64 at all\n", b"c2hvcnQ=\n", b"\xff\xfe"])
def test_damaged_file_of_keys_is_told(settings, content):
    make_competition()
    settings.SEALING_KEY_FILE.write_bytes(content)

    assert [type(told) for told in check_keys(databases=["default"])] == [checks.Error]


def test_wrong_sealing_key_names_each_competition(settings):
    competitions = [make_competition(), make_competition()]
    replace_key(settings.SEALING_KEY_FILE)

    faults = keys.key_faults()

    assert len(faults) == 2
    assert all(one.number in fault for one, fault in zip(competitions, faults, strict=True))


def test_wrapped_key_of_another_competition_is_told():
    first, second = make_competition(), make_competition()
    first.wrapped_key = second.wrapped_key
    first.save()

    assert len(keys.key_faults()) == 1


def test_wrong_key_of_drafts_is_told(settings):
    bid = make_bid(make_competition())
    replace_key(settings.DRAFT_KEY_FILE)

    assert len(keys.key_faults()) == 1
    with pytest.raises(vault.SealBroken):
        read_copy(bid.proposal)


def test_keys_among_the_files_of_the_portal_are_told(settings):
    settings.DRAFT_KEY_FILE = Path(settings.PRIVATE_ROOT) / "test-keys" / "drafts.key"
    vault.write_new_key(settings.DRAFT_KEY_FILE, "misplaced")

    assert len(keys.key_faults()) == 1
    settings.DRAFT_KEY_FILE.unlink()


def test_file_that_others_may_read_is_told(settings):
    settings.SEALING_KEY_FILE.chmod(0o644)

    assert [told.id for told in check_readers()] == ["procurement.W002"]


def test_rotated_keys_open_what_the_former_ones_closed(settings):
    competition = make_competition()
    bid = make_bid(competition)
    out = StringIO()

    call_command("make_sealing_keys", add="sealing", stdout=out)
    call_command("make_sealing_keys", add="drafts", stdout=out)

    assert keys.key_faults() == []
    assert read_copy(bid.proposal).content["about/title"]
    assert keys.new_competition_keys("2031-09999").sealed_by != competition.sealed_by
    assert SealingKey.objects.count() == 2
    assert settings.SEALING_KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert len(vault.read_keys(settings.SEALING_KEY_FILE)) == 2


def test_command_makes_what_is_missing_and_touches_nothing_else(settings):
    settings.SEALING_KEY_FILE.unlink()
    drafts = settings.DRAFT_KEY_FILE.read_bytes()

    call_command("make_sealing_keys", stdout=StringIO())
    made = settings.SEALING_KEY_FILE.read_bytes()
    call_command("make_sealing_keys", stdout=StringIO())

    assert settings.SEALING_KEY_FILE.read_bytes() == made
    assert settings.DRAFT_KEY_FILE.read_bytes() == drafts
    assert SealingKey.objects.count() == 1


def test_lost_key_is_told_by_commands_that_go_on_and_fails_the_check(settings):
    make_competition()
    settings.SEALING_KEY_FILE.unlink()
    out, err = StringIO(), StringIO()

    call_command("run_due", "--now", "2031-03-03T10:00", skip_checks=False, stdout=out, stderr=err)

    assert "procurement.E001" in err.getvalue()
    assert "competition" in out.getvalue()
    with pytest.raises(SystemCheckError):
        call_command("check", databases=["default"], stdout=out, stderr=err)


def test_no_key_is_ever_shown():
    pair = vault.new_pair()

    assert base64.b64encode(pair.private).decode() not in repr(pair)
    assert str(pair.private) not in repr(pair)
