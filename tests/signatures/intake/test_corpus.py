"""The corpus: every signer found with all fields right, and nobody invented."""

from __future__ import annotations

import pytest

from signatures.intake.parsed import Kind, ParsedMessage
from signatures.intake.reading import read_message

from .corpus import Case, Four, read_corpus

CASES = list(read_corpus())
ENOUGH = 0.98


def signers_of(message: ParsedMessage) -> list[Four]:
    return [(one.name, one.residence, one.occupation, one.email) for one in message.signers]


def test_the_corpus_is_large_and_its_titles_are_unique() -> None:
    titles = [case.title for case in CASES]

    assert len(titles) >= 300
    assert len(set(titles)) == len(titles)


def test_98_percent_of_signers_are_found_and_nobody_is_invented(
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected = found = 0
    invented: list[str] = []

    for case in CASES:
        signers = signers_of(read_message(case.data))
        expected += len(case.signers)
        found += len(set(signers) & set(case.signers))
        invented += [case.title for signer in signers if signer not in case.signers]

    figure = f"{found} of {expected} signers right, {len(invented)} invented"
    with capsys.disabled():
        print(f"\n{len(CASES)} messages: {figure}")  # noqa: T201 the figure is asked for
    assert invented == []
    assert found / expected >= ENOUGH


@pytest.mark.parametrize("case", [case for case in CASES if case.kind], ids=lambda case: case.title)
def test_what_nobody_wrote_is_recognised_and_gives_no_signer(case: Case) -> None:
    message = read_message(case.data)

    assert message.kind == case.kind
    assert message.signers == ()
    assert message.reason


def test_a_message_without_signers_says_so() -> None:
    silent = [case for case in CASES if not case.signers and not case.kind]

    kinds = {read_message(case.data).kind for case in silent}

    assert kinds == {Kind.NOTHING}
