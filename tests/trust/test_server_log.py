"""What gunicorn itself would write down about a visitor, however it is started."""

from __future__ import annotations

import io
import json
import logging
import socket
from collections.abc import Callable, Iterator
from logging.config import dictConfig
from typing import Any

import pytest
from django.conf import settings
from django.utils.log import configure_logging
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http.errors import InvalidHeaderName  # type: ignore[import-untyped]
from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory

ADDRESS = ("203.0.113.77", 40_000)


@pytest.fixture
def configure() -> Iterator[Callable[[], io.StringIO]]:
    """Set up the logs as gunicorn does when it loads the site; return what they say."""

    def load() -> io.StringIO:
        stream = io.StringIO()
        logs: dict[str, Any] = dict(settings.LOGGING)
        handler = {**logs["handlers"]["stderr"], "stream": stream}
        logs["handlers"] = {"stderr": handler}
        dictConfig(logs)
        return stream

    yield load
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


def test_a_malformed_request_leaves_no_line(configure):
    config = Config()
    worker = Worker(1, 1, [], None, 30, config, config.logger_class(config))
    log = configure()
    visitor, connection = socket.socketpair()

    with visitor, connection:
        worker.handle_error(None, connection, ADDRESS, InvalidHeaderName("X-Canary Name"))
        answer = visitor.recv(4096)

    assert answer.startswith(b"HTTP/1.1 400 Bad Request")
    assert log.getvalue() == ""


def test_a_failure_is_written_without_address_values_and_link(db, configure):
    log = configure()
    token = make_token(Purpose.PAGE, SignatureFactory.create().id)
    try:
        raise RuntimeError("canary")
    except RuntimeError:
        message = "Error handling request %s %s"
        logging.getLogger("gunicorn.error").exception(message, "GET", f"/s/{token}/")

    entry = json.loads(log.getvalue())
    assert entry["message"] == "Error handling request GET /s/…/"
    assert entry["exc_info"].startswith("RuntimeError < ")
    assert "canary" not in json.dumps(entry)


def test_there_is_no_access_log_unless_somebody_asks_for_one():
    assert Config().accesslog is None


def test_a_head_request_leaves_no_line(configure):
    log = configure()

    logging.getLogger("gunicorn.http.wsgi").warning("WSGI app sent body bytes (method=HEAD)")

    assert log.getvalue() == ""
