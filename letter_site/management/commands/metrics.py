"""Answer Prometheus."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from letter_site.operating.metrics import serve_metrics


class Command(BaseCommand):
    help = (
        "Serve the numbers of `status`, and request times by route, to Prometheus until it is "
        "stopped. Never open this port to the world. Example: ./run metrics --port 9100"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="127.0.0.1", help="where to listen")
        parser.add_argument("--port", type=int, help="default: METRICS_PORT, else 9100")

    def handle(self, *_args: Any, **options: Any) -> None:
        address, port = options["address"], options["port"] or settings.METRICS_PORT
        try:
            thread = serve_metrics(address=address, port=port)
        except OSError as error:
            raise CommandError(f"Cannot listen on {address}:{port}: {error.strerror}.") from None
        self.stdout.write(f"Metrics on http://{address}:{port}/metrics")
        self.stdout.flush()
        thread.join()
