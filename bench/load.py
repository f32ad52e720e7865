"""A load generator that needs only Python: processes, threads and plain sockets."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from .figures import Load

Request = Callable[[int], bytes]  # the bytes of the n-th request of one client

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
PATIENCE = 30  # seconds


def get(path: str, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a GET request, kept alive."""
    return _head("GET", path, headers or {}) + b"\r\n"


def post(path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a POST request of a form, kept alive."""
    form = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }
    return _head("POST", path, form) + b"\r\n" + body


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n").encode()


class Client:
    """One visitor's connection, opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; (0, b"") where the connection broke."""
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(request)
            return self._answer(self.socket)
        except OSError:
            self.close()
            return 0, b""

    def _answer(self, connection: socket.socket) -> tuple[int, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length:
            while len(body) < int(length[1]):
                body += self._more(connection)
        if CLOSING.search(head):
            self.close()
        return int(head[9:12]), body

    def _more(self, connection: socket.socket) -> bytes:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("closed in the middle of an answer")
        return piece

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket = None


def fire(
    port: int, make_request: Callable[[str], Request], seconds: float, clients: int = 16
) -> Load:
    """Keep `clients` visitors asking for `seconds`, spread over two processes.

    `make_request` gets a name that is each client's own.
    """
    context = get_context("fork")
    run, results = os.urandom(4).hex(), []
    for process in range(2):
        mine = [make_request(f"{run}{process}{n:02}") for n in range(clients // 2)]
        receive, send = context.Pipe(duplex=False)
        worker = context.Process(target=_process, args=(port, mine, seconds, send))
        worker.start()
        results.append((worker, receive))
    statuses: Counter[int] = Counter()
    times: list[float] = []
    for worker, receive in results:
        counted, taken = receive.recv()
        statuses += counted
        times += taken
        worker.join()
    return Load(dict(statuses), times, seconds)


def _process(port: int, requests: list[Request], seconds: float, send: Connection) -> None:
    statuses: Counter[int] = Counter()
    times: list[float] = []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_visit, args=(port, request, end, statuses, times))
        for request in requests
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send.send((statuses, times))


def _visit(
    port: int, request: Request, end: float, statuses: Counter[int], times: list[float]
) -> None:
    client, number = Client(port), 0
    while (began := time.perf_counter()) < end:
        status, _body = client.ask(request(number))
        done = time.perf_counter()
        if done <= end:
            times.append(done - began)
            statuses[status] += 1
        number += 1
    client.close()


WRK_SCRIPT = """
done = function(summary, latency)
  io.stderr:write(string.format('{"requests":%d,"seconds":%f,"bad":%d,"p50":%f,"p99":%f}',
    summary.requests, summary.duration / 1e6, summary.errors.status + summary.errors.connect
    + summary.errors.read + summary.errors.timeout, latency:percentile(50) / 1e6,
    latency:percentile(99) / 1e6))
end
"""


def fire_pages(port: int, path: str, headers: dict[str, str], seconds: float) -> Load:
    """Ask for one page over and over, by wrk where it is installed: it leaves more to the site."""
    if not shutil.which("wrk"):
        request = get(path, headers)
        return fire(port, lambda _name: lambda _number: request, seconds)
    script = f"/tmp/wrk-{os.getpid()}.lua"
    with open(script, "w") as file:  # noqa: PTH123
        file.write(WRK_SCRIPT)
    flags = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c16", f"-d{round(seconds)}s", "-s", script, *flags]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stderr)
    statuses = {200: seen["requests"] - seen["bad"], 0: seen["bad"]}
    return Load(statuses, [seen["p50"]] * 98 + [seen["p99"]] * 2, seen["seconds"])
