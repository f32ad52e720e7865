"""`deliver` and `verify_delivery`, as somebody types them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pyrage
import pytest
from django.core.management import CommandError, call_command

from deliveries.models import Delivery
from deliveries.verify import verify
from tests.factories import SignatureFactory

from .packets import rewrite_manifest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def signed(text):
    return [SignatureFactory.create(text=text) for _ in range(3)]


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, no_color=True)
    return out.getvalue()


def refusal(*arguments: object) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return str(refused.value)


class TestDeliver:
    def test_it_makes_a_packet_for_the_addressee_and_every_copy(self, signed):
        said = run("deliver", "--letter", "peace")

        lines = said.splitlines()
        assert lines[0] == "Delivery 1: 3 signatures"
        assert [line.split(":")[0].strip() for line in lines[1:]] == ["The Assembly", "The Council"]

    def test_it_copies_the_packets_where_it_is_told(self, signed, tmp_path):
        said = run("deliver", "--letter", "peace", "--recipient", "A", "--output", tmp_path / "out")

        copy = tmp_path / "out" / "delivery-1"
        assert said.endswith(f"Packets in {copy}\n")
        assert sorted(path.name for path in copy.iterdir()) == ["1-a", "1-a.zip"]
        assert all(check.ok for path in copy.iterdir() for check in verify(path))

    def test_a_copy_that_breaks_off_is_not_there(self, signed, tmp_path, monkeypatch):
        real = shutil.copytree

        def full(source, target, **more):
            if not Path(target).name.endswith(".unfinished"):
                return real(source, target, **more)
            Path(target).mkdir()
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(shutil, "copytree", full)

        said = refusal("deliver", "--letter", "peace", "--output", tmp_path / "out")

        assert said.startswith("The delivery is ready in ")
        assert said.endswith("delivery-1: No space left on device.")
        assert list((tmp_path / "out").iterdir()) == []
        assert Delivery.objects.get().state == "ready"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--letter", "nothing"], "There is no letter 'nothing'."),
            (
                ["--letter", "peace", "--new-only"],
                "There is no earlier delivery that this one could follow.",
            ),
            *(
                (
                    ["--letter", "peace", "--recipient", "A", "--recipient", nobody],
                    "This cannot be a recipient. Please write at least one letter or number.",
                )
                for nobody in ("", "  ", "\n", "\u200b", "…")
            ),
            (
                ["--letter", "peace", "--recipient", "The\x07Council"],
                "This cannot be a recipient. Please remove the hidden control characters.",
            ),
            (
                ["--letter", "peace", "--recipient", "The\u200bCouncil\u202e"],
                (
                    "This cannot be a recipient. "
                    "Please remove the characters that change the direction of the text."
                ),
            ),
            (
                ["--letter", "peace", "--age-key", "age1x"],
                "That is not an age public key; one starts with “age1”.",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_in_one_sentence(self, signed, arguments, sentence):
        assert refusal("deliver", *arguments) == sentence
        assert not Delivery.objects.exists()

    def test_a_dry_run_counts_and_leaves_nothing(self, signed, data_dir):
        assert (
            run("deliver", "--letter", "peace", "--dry-run") == "3 signatures would be delivered\n"
        )
        assert not Delivery.objects.exists()
        assert not data_dir.exists()

    def test_a_dry_run_of_an_addendum_counts_what_it_would_name(self, signed):
        run("deliver", "--letter", "peace")
        signed[0].delete()

        said = run("deliver", "--letter", "peace", "--addendum", "--dry-run")

        assert said == "1 number would be named\n"

    def test_one_signature_is_no_signatures(self, text):
        SignatureFactory.create(text=text)

        would = run("deliver", "--letter", "peace", "--dry-run")
        did = run("deliver", "--letter", "peace", "--recipient", "A")

        assert would == "1 signature would be delivered\n"
        assert did.splitlines()[0] == "Delivery 1: 1 signature"

    @pytest.mark.parametrize("command", ["deliver", "verify_delivery"])
    def test_help_has_an_example(self, command, capsys):
        with pytest.raises(SystemExit):
            run(command, "--help")

        assert f"Example: ./run {command}" in " ".join(capsys.readouterr().out.split())


class TestForTheRoad:
    def test_only_the_key_opens_it_and_nothing_private_is_left_in_the_clear(
        self, text, tmp_path, data_dir
    ):
        SignatureFactory.create(text=text, name="Ana Sealed")
        key = pyrage.x25519.Identity.generate()

        run("deliver", "--letter", "peace", "--recipient", "A", "--output", tmp_path / "out",
            "--age-key", key.to_public())  # fmt: skip

        left = [path for root in (data_dir, tmp_path / "out") for path in root.rglob("*")]
        files = [path for path in left if path.is_file() and not path.name.endswith(".lock")]
        assert {path.name for path in files} == {"1-a.zip.age", "digests.txt", "manifest.json"}
        assert not any(b"Ana Sealed" in path.read_bytes() for path in files)
        opened = pyrage.decrypt(
            (tmp_path / "out" / "delivery-1" / "1-a.zip.age").read_bytes(), [key]
        )
        (tmp_path / "a.zip").write_bytes(opened)
        published = Delivery.objects.get().packets.get().manifest_digest
        assert b"Ana Sealed" in ZipFile(BytesIO(opened)).read("1-a/signatures.csv")
        assert all(check.ok for check in verify(tmp_path / "a.zip", published))


class TestVerifyDelivery:
    @pytest.fixture
    def packet(self, signed, tmp_path) -> Path:
        run("deliver", "--letter", "peace", "--recipient", "A", "--output", tmp_path)
        return tmp_path / "delivery-1" / "1-a"

    @pytest.fixture
    def published(self, packet) -> str:
        return Delivery.objects.get().packets.get().manifest_digest

    def lines(self, packet: Path) -> list[bytes]:
        return (packet / "signatures.csv").read_bytes().splitlines(keepends=True)

    def put(self, packet: Path, lines: list[bytes]) -> None:
        (packet / "signatures.csv").write_bytes(b"".join(lines))

    @pytest.mark.parametrize("name", ["1-a", "1-a.zip"])
    def test_it_says_what_holds_in_a_sentence_each(self, packet, published, name):
        said = run("verify_delivery", packet.parent / name, "--manifest-digest", published)

        *sentences, _empty, last = said.splitlines()
        assert all(line.startswith("holds ") for line in sentences)
        assert last == "All is well."
        assert "holds manifest.json is the one that was published.\n" in said
        assert "holds signatures.csv is numbered from 1 to 3, without gaps and in order.\n" in said

    def test_without_the_published_digest_it_says_what_is_not_proved(self, packet, published):
        said = run("verify_delivery", packet)

        assert "manifest.json itself is proved only by the digest on the\npublic record" in said
        assert f"\n    {published}\n" in said

    def test_a_changed_byte_is_wrong(self, packet, capsys):
        content = bytearray((packet / "letter.pdf").read_bytes())
        content[1000] ^= 1
        (packet / "letter.pdf").write_bytes(content)

        assert refusal("verify_delivery", packet) == "1 of 16 checks found something wrong."

    def test_a_removed_row_and_swapped_rows_are_wrong(self, packet):
        head, first, second, third = self.lines(packet)
        self.put(packet, [head, first, third])
        removed = refusal("verify_delivery", packet)
        self.put(packet, [head, second, first, third])
        swapped = refusal("verify_delivery", packet)

        assert removed == "4 of 16 checks found something wrong."
        assert swapped == "3 of 16 checks found something wrong."

    def test_a_manifest_made_to_match_is_wrong_beside_the_published_digest(self, packet, published):
        (packet / "letter.pdf").write_bytes(b"%PDF-forged")
        rewrite_manifest(packet)

        run("verify_delivery", packet)

        assert refusal("verify_delivery", packet, "--manifest-digest", published) == (
            "1 of 16 checks found something wrong."
        )

    def test_what_is_not_there_is_refused(self, tmp_path):
        assert refusal("verify_delivery", tmp_path / "none") == f"There is no {tmp_path / 'none'}."


def as_a_process(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def environment_of(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"DEBUG": "1", "DATA_DIR": str(folder)}


@pytest.fixture(scope="module")
def signed_site(tmp_path_factory) -> Path:
    """A DATA_DIR whose database holds the letter and 300 signers."""
    folder: Path = tmp_path_factory.mktemp("site") / "var"
    for command in ("migrate", "load_letter letters/content/un-2011", "demo_signatures 300"):
        as_a_process(environment_of(folder), *command.split())
    return folder


@pytest.mark.slow
class TestAsAProcess:
    """A database and a folder of its own, and the command as a program that can be killed."""

    @pytest.fixture
    def environment(self, signed_site, tmp_path) -> dict[str, str]:
        return environment_of(shutil.copytree(signed_site, tmp_path / "var"))

    def test_killed_in_the_middle_it_leaves_nothing_whole_and_the_next_try_works(
        self, environment, tmp_path
    ):
        deliver = ["deliver", "--letter", "un-2011", "--recipient", "A", "--output",
                   str(tmp_path / "out")]  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "manage.py", *deliver], cwd=ROOT, env=environment
        )
        folder = tmp_path / "var" / "deliveries" / "1"
        while not (folder / ".1-a.partial" / "methods.md").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()

        left = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
        done = as_a_process(environment, *deliver)

        assert left == []
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Delivery 1: ")
        assert all(check.ok for check in verify(tmp_path / "out" / "delivery-1" / "1-a.zip"))

    def test_without_a_terminal_there_is_no_progress_bar(self, environment):
        done = as_a_process(environment, "deliver", "--letter", "un-2011", "--recipient", "A")

        assert done.stderr == ""

    def test_bad_input_is_one_line_and_exit_code_1(self, environment):
        done = as_a_process(environment, "deliver", "--letter", "nothing")

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "CommandError: There is no letter 'nothing'.\n"
