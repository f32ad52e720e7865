"""What staff do with their accounts is in the audit log, without where from or what with."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from signatures.models import AuditEntry

from .door import (
    CODE,
    INDEX,
    LOGOUT,
    SET_UP,
    code_of,
    give_code,
    give_password,
    key_on,
    logged,
    with_phone,
    wrong_code,
)


class TestTheLog:
    def test_it_tells_of_setting_up_and_logging_in_and_out(self, client, jane):
        give_password(client)
        key = key_on(client.get(SET_UP).content.decode())
        client.post(SET_UP, {"code": code_of(key)})
        client.post(LOGOUT)

        assert logged() == [
            "second factor set up",
            "recovery codes renewed",
            "logged in",
            "logged out",
        ]
        assert {entry.actor for entry in AuditEntry.objects.all()} == {jane}

    def test_it_tells_of_a_wrong_code(self, client, jane):
        key, _codes = with_phone(jane)
        give_password(client)

        give_code(client, wrong_code(key))

        assert logged()[-1] == "second factor failed"

    def test_it_tells_of_a_recovery_code_and_how_many_are_left(self, client, jane):
        _key, codes = with_phone(jane)
        give_password(client)

        give_code(client, codes[0])

        assert logged()[-2:] == ["recovery code used", "logged in"]
        assert AuditEntry.objects.get(action="recovery code used").details == {"left": 9}

    def test_it_holds_no_address_browser_or_code(self, client, jane):
        key, codes = with_phone(jane)
        client.defaults.update(REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT="Browser/1")
        give_password(client)
        give_code(client, wrong_code(key))
        give_code(client, codes[0])

        kept = str(list(AuditEntry.objects.values()))

        secret = ("192.0.2.9", "Browser", codes[0], wrong_code(key))
        assert not [word for word in secret if word in kept]

    def test_logging_out_twice_is_told_once(self, client, jane):
        key, _codes = with_phone(jane)
        give_password(client)
        give_code(client, code_of(key))
        client.post(LOGOUT)
        client.post(LOGOUT)

        assert logged().count("logged out") == 1


class TestALostPhone:
    def test_the_next_login_sets_up_a_new_one(self, client, jane, capsys):
        with_phone(jane)

        call_command("reset_second_factor", "jane")

        give_password(client)
        assert client.get(CODE).url == SET_UP
        assert capsys.readouterr().out == (
            "Forgotten: 'jane' sets up a new one at the next login.\n"
        )

    def test_sessions_that_rest_on_the_old_one_end(self, client, jane):
        key, _codes = with_phone(jane)
        give_password(client)
        give_code(client, code_of(key))

        call_command("reset_second_factor", "jane", verbosity=0)

        assert client.get(INDEX).status_code == 302

    def test_old_recovery_codes_are_void(self, client, jane):
        _key, codes = with_phone(jane)
        call_command("reset_second_factor", "jane")
        with_phone(jane)
        give_password(client)

        assert give_code(client, codes[0]).status_code == 200

    def test_it_is_logged_with_the_name_of_the_account(self, jane):
        with_phone(jane)

        call_command("reset_second_factor", "jane")

        entry = AuditEntry.objects.get(action="second factor reset")
        assert (entry.actor, entry.details) == (None, {"account": "jane"})

    def test_a_dry_run_changes_nothing(self, client, jane, capsys):
        key, _codes = with_phone(jane)

        call_command("reset_second_factor", "jane", "--dry-run")

        give_password(client)
        assert give_code(client, code_of(key)).url == INDEX
        assert capsys.readouterr().out == "Would forget the second factor of 'jane'.\n"

    @pytest.mark.parametrize(
        ("username", "sentence"),
        [
            ("nobody", "There is no account 'nobody'."),
            ("john", "Account 'john' has no second factor to forget."),
        ],
    )
    def test_a_wrong_name_is_said_plainly(self, db, username, sentence):
        User.objects.create_superuser("john", password="x" * 20)

        with pytest.raises(CommandError, match=sentence):
            call_command("reset_second_factor", username)
