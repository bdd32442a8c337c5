"""Fuzz for a while: `python -m tests.fuzz --seconds 300`. Says how many inputs each target read, and what it found."""

from __future__ import annotations

import argparse
import resource
import sys
import time

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

from tests.fuzz.targets import TARGETS, Target, bound_memory

BATCH = 500
MEMORY = 2**30  # bytes above what is there at the start; more is an error, and so a finding


def fuzz(target: Target, seconds: float, first_seed: int) -> tuple[int, float, list[str]]:
    """Return how many inputs `target` read within `seconds`, the longest that one took, and what was found."""
    count, longest, findings = 0, 0.0, []
    until, round_seed = time.monotonic() + seconds, first_seed

    def read(value: object) -> None:
        nonlocal count, longest
        started = time.monotonic()
        count += 1
        target.read(value)
        longest = max(longest, time.monotonic() - started)

    while time.monotonic() < until:
        checks = settings(
            max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False,
            phases=(Phase.generate, Phase.shrink),
        )  # fmt: skip
        try:
            seed(round_seed)(checks(given(target.drawn)(read)))()
        except (Exception, Flaky) as error:
            findings.append(f"{type(error).__name__}: {error} · {' · '.join(getattr(error, '__notes__', []))}"[:2000])
        round_seed += 1
    return count, longest, findings


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--target", choices=[target.name for target in TARGETS])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    chosen = [target for target in TARGETS if options.target in (None, target.name)]
    print(f"seed {options.seed}")
    bound_memory(MEMORY)
    found = False
    for target in chosen:
        count, longest, findings = fuzz(target, options.seconds / len(chosen), options.seed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(
            f"{target.name}: {count} inputs, longest {longest:.2f} s, peak {peak:.0f} MiB, {len(set(findings))} found"
        )
        for finding in sorted(set(findings)):
            print(f"  {finding}")
        found = found or bool(findings)
    sys.exit(found)


if __name__ == "__main__":
    main()
