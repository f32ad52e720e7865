"""Ask the running product for every promise made to signers; exit code 1 where one is broken."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.postgres import NotHere

from . import (
    answers,
    canaries,
    door,
    flood,
    hostile,
    keeping,
    killed,
    links,
    outage,
    people,
    race,
    slow,
)
from .finding import Finding
from .rig import Rig, product

ASK: dict[str, tuple[Callable[[Rig], Iterator[Finding]], dict[str, str]]] = {
    "people": (people.findings, {}),
    "race": (race.findings, {}),
    "hostile": (hostile.findings, {}),
    "links": (links.findings, {}),
    "canaries": (canaries.findings, {"SIGN_RATE_HOLD": "20/10m", "SIGN_RATE_REFUSE": "30/10m"}),
    "keeping": (keeping.findings, {}),
    "door": (door.findings, {}),
    "killed": (killed.findings, {}),
    "answers": (answers.findings, {"SIGN_RATE_HOLD": "10/10m", "SIGN_RATE_REFUSE": "100000/10m"}),
    "flood": (flood.findings, {"SIGN_RATE_HOLD": "10/10m", "SIGN_RATE_REFUSE": "60/10m"}),
    "slow": (slow.findings, {}),
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.trust", description=__doc__)
    parser.add_argument(
        "what", nargs="*", choices=[*ASK, "outage", []], help="default: all but outage"
    )
    parser.add_argument("--minutes", type=float, default=10, help="of outage (%(default)s)")
    parser.add_argument(
        "--strings", type=Path, help="a JSON list of more naughty strings for `hostile`"
    )
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    asked = dict(ASK)
    more = json.loads(chosen.strings.read_text()) if chosen.strings else []
    asked["hostile"] = (lambda rig: hostile.findings(rig, more), {})
    asked["outage"] = (lambda rig: outage.findings(rig, chosen.minutes), {})
    broken = 0
    for what in chosen.what or ASK:
        print(f"\n{what}")
        ask, environment = asked[what]
        with product(**environment) as rig:
            for finding in ask(rig):
                print(finding, flush=True)
                broken += not finding.holds
    sys.exit(broken > 0)


if __name__ == "__main__":
    try:
        main()
    except NotHere as missing:
        sys.exit(f"bench.trust: {missing}")
