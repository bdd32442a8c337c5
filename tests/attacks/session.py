"""One run of the corpus at one isolation level, in a process of its own; writes what happened as JSON.

    python -m tests.attacks.session --level full --output result.json [--ordinary] [--reversed] [--only WORD] [--kinds …]

`--ordinary` gives up root first: the way to the interpreter, the packages and this repository is opened to every user
in a mount namespace of this process alone. Honest neighbours are graded before, between and after the attacks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from grader import batch
from grader.catalogue import ROOT, load_course
from grader.checkpoints import cache
from grader.judge.workers import Limits, Workshop
from grader.report import Report
from grader.submission import Handed, Submission, SubmissionError, read_submission
from grader.worker.sandbox import kernel, namespaces
from tests.attacks.cases import CLASSES, TARGETS, Attack, beginning, corpus, write
from tests.attacks.world import World

ORDINARY = 1_999_999_999  # a user that nothing on this machine belongs to
UNFIT = 4  # exit code: not to be had here, for the reason on standard error
SEED = 7
LIMITS = Limits(import_s=2, call_s=1, memory_mib=256)
BEGINNINGS = ("all", "probabilities", "in place", "none")


def become_ordinary(room: Path) -> None:
    """Become an ordinary user who can run this interpreter and read this repository, or end with `UNFIT`."""
    needed = sorted({os.path.realpath(path) for path in (sys.base_prefix, sys.prefix, ROOT, cache.home(), room)})
    os.chown(room, ORDINARY, ORDINARY)
    try:
        kernel.call("unshare", kernel.CLONE_NEWNS)
        kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
        namespaces.open_ways(needed)
        namespaces.become(ORDINARY, str(room), needed)
    except (OSError, kernel.Unavailable) as error:
        unfit(f"no ordinary user can be had here: {kernel.reason(error)}")
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # as any process of that user is; the change of the user cleared it
    os.environ.update(HOME=str(room / "home"))
    (room / "home").mkdir()


def unfit(reason: str) -> None:
    """End this process: what was asked for is not to be had here."""
    print(reason, file=sys.stderr)
    sys.exit(UNFIT)


class Session:
    """The attacks and their honest neighbours, in the order in which they are graded, and what came of each."""

    def __init__(self, world: World, attacks: Sequence[Attack], backwards: bool) -> None:
        self.world = world
        course = load_course()
        self.exercises = {number: course[slug] for number, slug in TARGETS.items()}
        self.refused: dict[str, str] = {}
        self.results: dict[str, dict[str, object]] = {}
        self.neighbours: list[dict[str, object]] = []
        self.shops: list[Workshop] = []
        self._read: set[Path] = set()
        self._started = time.monotonic()
        self.order = self._in_order(list(attacks)[:: -1 if backwards else 1])

    def _in_order(self, attacks: Sequence[Attack]) -> list[tuple[Submission, Attack | None]]:
        order = self._honest(0)
        for place, attack in enumerate(attacks):
            order += [(submission, attack)] if (submission := self._hand_in(attack)) else []
            if place + 1 == len(attacks) or attacks[place + 1].kind != attack.kind:
                order += self._honest(place + 1)
        return order

    def _honest(self, place: int) -> list[tuple[Submission, None]]:
        exercise, other = self.exercises["04"], self.exercises["08"]
        wanted = BEGINNINGS if place == 0 else ("all", "probabilities")
        sources = {f"{place} {honest}": (exercise, beginning(exercise, honest)) for honest in wanted}
        sources |= {} if place else {"0 spans": (other, beginning(other, "all"))}
        return [
            (Submission(f"honest {name}", {one.slug: Handed({one.file: source.encode()})}), None)
            for name, (one, source) in sources.items()
        ]

    def _hand_in(self, attack: Attack) -> Submission | None:
        exercise = self.exercises[attack.target]
        folder = self.world.room / "class" / attack.kind / attack.name
        try:
            submission = read_submission(write(folder, attack, exercise, self.world.places), [exercise])
        except SubmissionError as error:
            self.refused[attack.id] = str(error)
            return None
        name = submission.name if "Folder" in dict(attack.extras) else attack.id
        return replace(submission, name=name)

    def run(self, limits: Limits) -> None:
        """Grade everybody in one judge session."""
        session = self

        class Seen(Workshop):
            def __enter__(self) -> Workshop:
                session.shops.append(self)
                return super().__enter__()

        batch.Workshop = Seen
        submissions = [submission for submission, _ in self.order]
        exercises = list(self.exercises.values())
        batch.grade_submissions(submissions, exercises, "gap", SEED, limits, finished=self._finished)

    def _finished(self, report: Report) -> None:
        now = time.monotonic()
        exercise = report.exercises[0]
        told = {
            "score": report.score, "max_score": report.max_score, "status": exercise.status,
            "seconds": round(now - self._started, 2), "isolation": report.isolation,
            "checks": [{**asdict(check), "duration_s": 0} for check in exercise.checks], "message": exercise.message,
            "shown": report.submission,
        }  # fmt: skip
        submission, attack = self.order[len(self.neighbours) + len(self.results)]
        if attack is None:
            self.neighbours.append({"name": submission.name, "output": self._output(), **told})
            if len(self.neighbours) == len(BEGINNINGS) + 1:
                self.world.take_stock()
        else:
            self.results[attack.id] = {**told, "reached": self._output(), "damage": self.world.damage()}
        self._started = time.monotonic()

    def _output(self) -> list[str]:
        """Return what the workers since the last look said that they reached."""
        lines = set()
        for log in set(self.world.temporary.glob("grader-*/logs/*")) - self._read:
            self._read.add(log)
            with log.open("rb") as file:
                head = file.read(2**17)
                file.seek(max(file.seek(0, 2) - 2**17, 0))
                text = (head + file.read(2**17)).decode("utf-8", "replace")
            lines |= {line.removeprefix("REACHED ") for line in text.splitlines() if line.startswith("REACHED ")}
        return sorted(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--level", required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--ordinary", action="store_true")
    parser.add_argument("--reversed", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--kinds", nargs="*", default=CLASSES)
    options = parser.parse_args()
    checkpoints = cache.ensure()
    attacks = [attack for attack in corpus() if options.only in attack.id and attack.kind in options.kinds]
    output = options.output.open("w")
    with tempfile.TemporaryDirectory(prefix="attacks-", ignore_cleanup_errors=True) as room:
        if options.ordinary:
            become_ordinary(Path(room))
        world = World(Path(room), load_course()[TARGETS["04"]], checkpoints)
        tempfile.tempdir = str(world.temporary)
        limits = replace(LIMITS, isolation=options.level)
        session = Session(world, attacks, options.reversed)
        ended = ""
        try:
            session.run(limits)
        except BaseException as error:
            ended = f"{type(error).__name__}: {error}"
        world.close()
        isolation = session.shops[0].isolation
        left = [str(path.name) for path in world.temporary.iterdir()]
        left += [f"process {name}" for name in session.world._end_processes()]
        json.dump(
            {
                "asked": options.level, "level": isolation.level, "open": dict(isolation.open),
                "layers": list(isolation.layers), "missing": dict(isolation.missing),
                "user": "ordinary" if os.geteuid() else "root", "reversed": options.reversed, "ended": ended,
                "attacks": session.results, "refused": session.refused, "neighbours": session.neighbours, "left": left,
            },
            output, indent=1, ensure_ascii=True,
        )  # fmt: skip
    output.close()


if __name__ == "__main__":
    main()
