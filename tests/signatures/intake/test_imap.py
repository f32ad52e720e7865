"""A live mailbox is read by UID, without a trace, and without loss when the line is cut."""

from __future__ import annotations

import pytest

from signatures.intake.imap import PASSWORD, Address, parse_address, read_imap
from signatures.intake.items import Item, SourceError
from signatures.intake.mailboxes import TOO_LARGE
from signatures.intake.reading import read_message
from signatures.intake.sources import open_source

from .imap_server import CuttingProxy, Dovecot, free_port


def mails(count: int, padding: int = 0) -> list[bytes]:
    body = "Name: Person {0}\nResidence: Oslo\nOccupation: cook\n\n" + "x" * padding + "\n"
    head = "From: p@example.org\nMessage-ID: <{0}@example.org>\nContent-Type: text/plain\n\n"
    return [(head + body).format(number).encode() for number in range(count)]


def ids(items: list[Item]) -> list[str]:
    return [read_message(item.data or b"").message_id for item in items]


def without_pause(seconds: float) -> None:
    """Go on at once."""


class TestReading:
    def test_every_message_comes_once_by_ascending_uid(self, dovecot: Dovecot) -> None:
        dovecot.fill(mails(120))

        items = list(open_source(dovecot.url))

        assert ids(items) == [f"{number}@example.org" for number in range(120)]
        uids = [int(item.ref.split(":")[2]) for item in items]
        assert uids == sorted(set(uids))

    def test_the_bytes_are_the_mail_s_own(self, dovecot: Dovecot) -> None:
        dovecot.fill(mails(1))

        (item,) = read_imap(dovecot.url)

        assert (item.data or b"").replace(b"\r\n", b"\n") == mails(1)[0]

    def test_nothing_is_marked_as_read(self, dovecot: Dovecot) -> None:
        dovecot.fill(mails(3))

        list(read_imap(dovecot.url))

        assert not any(name.endswith("S") for name in dovecot.flags())

    def test_reading_goes_on_behind_the_last_ref(self, dovecot: Dovecot) -> None:
        dovecot.fill(mails(10))
        first = list(read_imap(dovecot.url))

        rest = list(read_imap(dovecot.url, after=first[6].ref))
        none = list(read_imap(dovecot.url, after=first[-1].ref))

        assert rest == first[7:]
        assert none == []

    def test_a_ref_of_another_life_of_the_folder_counts_for_nothing(self, dovecot: Dovecot) -> None:
        dovecot.fill(mails(3))

        assert len(list(read_imap(dovecot.url, after="imap:1:2"))) == 3

    def test_a_large_message_is_named_and_never_fetched(self, dovecot: Dovecot) -> None:
        dovecot.fill([mails(1)[0], b"a: b\n\n" + b"x\n" * 3_000_000, mails(2)[1]])

        items = list(read_imap(dovecot.url))

        assert [item.problem for item in items] == ["", TOO_LARGE, ""]
        assert items[1].data is None

    def test_an_empty_folder_has_no_items(self, dovecot: Dovecot) -> None:
        dovecot.fill([])

        assert list(read_imap(dovecot.url)) == []


class TestBrokenLine:
    @pytest.fixture
    def box(self, dovecot: Dovecot) -> Dovecot:
        dovecot.fill(mails(60, padding=2_000))
        return dovecot

    @pytest.mark.parametrize("cuts", [[20_000], [5_000, 40_000, 90_000], [100], [2_000] * 3])
    def test_nothing_is_lost_and_nothing_comes_twice(self, box: Dovecot, cuts: list[int]) -> None:
        proxy = CuttingProxy(box.port, cuts)
        url = box.url.replace(str(box.port), str(proxy.port))

        items = list(read_imap(url, pause=without_pause))

        proxy.close()
        assert ids(items) == [f"{number}@example.org" for number in range(60)]
        assert proxy.connections == len(cuts) + 1

    def test_a_line_that_never_holds_is_given_up(self, box: Dovecot) -> None:
        proxy = CuttingProxy(box.port, [10] * 100)
        pauses: list[float] = []
        url = box.url.replace(str(box.port), str(proxy.port))

        with pytest.raises(SourceError, match="keeps breaking the connection"):
            list(read_imap(url, pause=pauses.append))

        proxy.close()
        assert pauses == [1.0, 2.0, 4.0, 8.0]

    def test_a_server_that_is_not_there_is_given_up(self) -> None:
        url = f"imap://user:pass@127.0.0.1:{free_port()}/INBOX"

        with pytest.raises(SourceError, match="keeps breaking the connection"):
            list(read_imap(url, pause=without_pause))


class TestRefusals:
    def test_a_wrong_password_is_one_clear_line_without_it(self, dovecot: Dovecot) -> None:
        url = dovecot.url.replace("secret", "wr0ng-one")

        with pytest.raises(SourceError, match="refused the user or the password") as raised:
            list(read_imap(url))

        assert "wr0ng-one" not in str(raised.value)

    def test_a_folder_that_is_not_there_is_one_clear_line(self, dovecot: Dovecot) -> None:
        with pytest.raises(SourceError, match="no such folder"):
            list(read_imap(dovecot.url.replace("INBOX", "Nowhere")))

    @pytest.mark.parametrize(
        ("url", "line"),
        [
            ("imaps://mail.example.org/INBOX", "imaps://user@host/folder"),
            ("imap://user:pass@mail.example.org/INBOX", "only for this machine"),
            ("imaps://user@mail.example.org/INBOX", "Set IMAP_PASSWORD"),
            ("imaps://user:pass@mail.example.org:none/INBOX", "not a number"),
        ],
    )
    def test_an_address_that_cannot_serve_is_refused_before_connecting(
        self, url: str, line: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(PASSWORD, raising=False)

        with pytest.raises(SourceError, match=line):
            read_imap(url)

    def test_the_password_may_come_from_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PASSWORD, "p%40ss")

        address = parse_address("imaps://me%40example.org@mail.example.org/Signatures%202011")

        assert address == Address(
            "mail.example.org", 993, True, "me@example.org", "p%40ss", "Signatures 2011"
        )
