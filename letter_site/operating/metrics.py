"""The same figures for Prometheus, and the request times of every process of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Thread

from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from .figures import Figures, figures, kept_figures


class FigureCollector(Collector):
    """Asks for the figures at each scrape.

    `letter_up` is 0, and the others are left out, while the database does not answer.
    """

    def __init__(self, ask: Callable[[], Figures]) -> None:
        self.ask = ask

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, so that registering asks the database nothing."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            now = self.ask()
        except DatabaseError:
            yield GaugeMetricFamily("letter_up", "1 while the database answers", value=0)
            return
        yield GaugeMetricFamily("letter_up", "1 while the database answers", value=1)
        yield _signatures(now)
        yield _deliveries(now)
        for name, (words, value) in _singles(now).items():
            yield GaugeMetricFamily(f"letter_{name}", words, value=value)


def _signatures(now: Figures) -> GaugeMetricFamily:
    family = GaugeMetricFamily("letter_signatures", "Signatures", labels=["letter", "state"])
    for slug, states in now.signatures.items():
        for state, number in states.items():
            family.add_metric([slug, state], number)
    return family


def _deliveries(now: Figures) -> GaugeMetricFamily:
    family = GaugeMetricFamily("letter_deliveries", "Deliveries", labels=["state"])
    for state, number in now.deliveries.items():
        family.add_metric([state], number)
    return family


def _singles(now: Figures) -> dict[str, tuple[str, float]]:
    queue = now.queue
    return {
        "queue_waiting": ("Pieces of work that wait", queue.waiting),
        "queue_failed": ("Pieces of work that failed and are kept", queue.failed),
        "queue_age_seconds": ("Age of the oldest due work", queue.age(now.at).total_seconds()),
        "mails_waiting": ("Confirmation mails in the queue", queue.mails_waiting),
        "mails_failed": ("Confirmation mails that failed", queue.mails_failed),
        "mails_overdue": ("Signatures without their first mail for an hour", now.mails_overdue),
        "signed_last_day": ("Signatures that came in during the last day", now.signed_recently),
        "held_share": ("Part of those that was held for a person", now.held_share),
        "worker_seen_timestamp_seconds": ("When a worker was at work", _epoch(queue.worker_seen)),
        "backup_timestamp_seconds": (
            "When the last backup was begun, 0: unknown",
            _epoch(now.last_backup),
        ),
    }


def _epoch(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def metrics_registry() -> CollectorRegistry:
    """Figures, looked at once a minute at most, and the request times.

    Those are of all processes of this machine where they share a folder for them.
    """
    registry = CollectorRegistry()
    registry.register(FigureCollector(kept_figures(_look)))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(RequestTimes())
    return registry


def _look() -> Figures:
    """The figures, without leaving a connection to the thread that answers one scrape."""
    try:
        return figures()
    finally:
        connection.close()


class RequestTimes(Collector):
    """The request times of this process alone."""

    def collect(self) -> Iterator[Metric]:
        return (family for family in REGISTRY.collect() if family.name == "letter_request_seconds")


def serve_metrics(*, address: str, port: int) -> Thread:
    """Answer scrapes on `address`:`port` from a thread, which is returned; raises OSError."""
    _server, thread = start_http_server(port, address, metrics_registry())
    return thread
