"""Ask the running product for every promise made to signers; exit code 1 where one is broken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from bench.postgres import NotHere

from . import answers, canaries, door, flood, keeping, killed, links, outage, slow
from .finding import Finding
from .rig import Rig, product

ASK: dict[str, tuple[Callable[[Rig], Iterator[Finding]], dict[str, str]]] = {
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
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    asked = dict(ASK)
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
