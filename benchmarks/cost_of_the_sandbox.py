"""CPU and wall seconds to grade a submission, with the sandbox and without, side by side in one run.

The exercises are those of the command line, by default the first five. Three workshops stand ready at once, one for
each level; every round grades the same right submission at each, in an order that turns, so that what the machine does
besides falls on all alike. Counted is the CPU time of the judge, the warm processes and the workers that ended. The
start of a workshop, once per run, is not in it and is printed below. Times of a round differ by more than the sandbox
costs; the difference is therefore taken within each round, and the median of these is given.
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from grader.catalogue import load_course, select
from grader.checkpoints import cache
from grader.judge.grade import Judge
from grader.judge.runner import SuiteRunner, run_suites
from grader.judge.workers import Limits, Workshop
from grader.submission import read_submission

ROUNDS = 15
EXERCISES = ["04", "05", "06", "08", "12"]
LEVELS = ("process", "partial", "full")
TICKS = 100  # of /proc/PID/stat, per second


def cpu_seconds(shop: Workshop) -> float:
    """Return the CPU seconds of this process, of the warm one, and of the workers that it has reaped."""
    assert shop._process is not None
    stat = Path(f"/proc/{shop._process.pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, stat[11:15])) / TICKS


def main() -> None:
    cache.ensure()
    course = list(load_course().values())
    exercises = select({e.slug: e for e in course}, sys.argv[1:] or EXERCISES)
    submission = read_submission(exercises[0].solution.parent.parent, exercises)
    cpu: dict[str, list[float]] = {level: [] for level in LEVELS}
    wall: dict[str, list[float]] = {level: [] for level in LEVELS}
    starts: dict[str, float] = {}

    def measure(runner: SuiteRunner, shops: dict[str, Workshop]) -> None:
        judges = {level: Judge(exercises, runner, shop, 1) for level, shop in shops.items()}
        for judge in judges.values():  # the first submission pays for the references too
            judge.grade(submission, "gap")
        for number in range(ROUNDS):
            for place in range(len(LEVELS)):
                level = LEVELS[(number + place) % len(LEVELS)]
                before, started = cpu_seconds(shops[level]), time.perf_counter()
                report = judges[level].grade(submission, "gap")
                wall[level].append(time.perf_counter() - started)
                cpu[level].append(cpu_seconds(shops[level]) - before)
                assert report.score == report.max_score, "the solution earns every point"
                assert report.isolation == level, f"this machine offers {report.isolation}, not {level}"

    with ExitStack() as stack:
        shops = {}
        for level in LEVELS:
            started = time.perf_counter()
            shops[level] = stack.enter_context(Workshop([c for e in exercises for c in e.checkpoints],
                                                        Limits(isolation=level)))  # fmt: skip
            shops[level].wait_until_warm()
            warm = time.perf_counter()
            shops[level].settle()
            starts[level] = time.perf_counter() - warm
            print(f"warm after {warm - started:.1f} s, {level} found out in {starts[level]:.2f} s", file=sys.stderr)
        run_suites(exercises, lambda runner: measure(runner, shops))

    print(f"{len(exercises)} exercises, {ROUNDS} rounds, medians per submission")
    print(f"{'level':10}{'CPU s':>8}{'wall s':>8}{'CPU more':>10}{'wall more':>11}{'found out in s, once':>22}")
    for level in LEVELS:
        more = [
            statistics.median((mine - base) / base for mine, base in zip(times[level], times["process"], strict=True))
            for times in (cpu, wall)
        ]
        row = f"{level:10}{statistics.median(cpu[level]):8.2f}{statistics.median(wall[level]):8.2f}"
        print(f"{row}{more[0]:>+10.1%}{more[1]:>+11.1%}{starts[level]:22.2f}")


if __name__ == "__main__":
    main()
