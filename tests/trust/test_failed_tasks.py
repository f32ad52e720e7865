"""What the database keeps of a failed piece of work: where in the code, never with which values."""

from __future__ import annotations

from django_tasks_db.models import DBTaskResult

from tests.signatures.posting import work_one


def test_a_failed_task_keeps_the_place_and_not_the_values(signed, monkeypatch):
    def fail(**_arguments):
        try:
            raise ValueError("amal@example.org")
        except ValueError as error:
            raise LookupError("Amal Haddad") from error

    monkeypatch.setattr("signatures.services.mailing.emails.send_confirmation", fail)
    signed(email="amal@example.org")

    work_one()

    row = DBTaskResult.objects.get()
    assert row.status == "FAILED"
    assert row.exception_class_path == "builtins.LookupError"
    assert row.traceback.startswith("LookupError < ")
    assert "mailing.py:" in row.traceback
    assert "example.org" not in row.traceback
    assert "Amal" not in row.traceback


def test_a_finished_task_keeps_no_trace(signed):
    signed(email="amal@example.org")

    work_one()

    assert DBTaskResult.objects.get().traceback == ""
