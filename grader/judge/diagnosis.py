"""Names the mistake behind failed checks: the bank entry whose results are the same as the student's.

A name is given only when it was reproduced: the entry performs the very calls of the check, with the same inputs and
seeds, and each of its outcomes is the student's, while at least one of them is not the reference's. An entry that would
fail a check that the student passed is not the student's mistake. Where several entries fit, the one that explains most
of the failed checks is named; of equals, the first one in the bank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from grader.catalogue import Exercise
from grader.judge import bank
from grader.judge.bank import Mistake
from grader.judge.runner import Check, Run
from grader.judge.subjects import Bench, Call, Outcome


class Diagnosis:
    """The bank of one exercise, ready to perform calls.

    What is expected comes from `bench`, on the CPU; what a student's results are like is found out `beside` the
    student, on the same device, where the same mistake gives the same numbers.
    """

    def __init__(self, exercise: Exercise, bench: Bench, beside: Bench | None = None) -> None:
        self.mistakes = bank.mistakes(exercise)
        self._exercise, self._bench, self._beside = exercise, bench, beside or bench
        self._reference = bank.reference(exercise)

    def reference(self, call: Call) -> Outcome:
        """Perform `call` with the reference."""
        return self._bench.perform(f"{self._exercise.slug}:reference", self._exercise, self._reference, call)

    def mistake(self, mistake: Mistake, call: Call) -> Outcome:
        """Perform `call` with a mistake, on the student's device."""
        return self._beside.perform(f"{self._exercise.slug}:{mistake.name}", self._exercise, mistake.source_code, call)

    def is_right(self, call: Call, outcome: Outcome) -> bool:
        """Whether the reference gives the same on the student's device."""
        right = self._beside.perform(f"{self._exercise.slug}:reference", self._exercise, self._reference, call)
        return right.same_as(outcome)

    def name(self, runs: Sequence[Run], fails: Callable[[Mistake, Check], bool]) -> dict[str, Mistake]:
        """Return the mistake behind each failed check, by the check's id, where one was reproduced.

        `fails` says whether a mistake fails a check.
        """
        fits = {run.check.id: self._fitting(run) for run in runs if run.status == "failed"}
        votes = Counter(mistake.name for fitting in fits.values() for mistake in fitting)
        passed = [run.check for run in runs if run.status == "passed"]
        named = {}
        for check, fitting in fits.items():
            likeliest_first = sorted(fitting, key=lambda mistake: -votes[mistake.name])
            possible = (mistake for mistake in likeliest_first if not any(fails(mistake, other) for other in passed))
            if (mistake := next(possible, None)) is not None:
                named[check] = mistake
        return named

    def _fitting(self, run: Run) -> list[Mistake]:
        outcomes = [outcome for _, outcome in run.calls]
        if not outcomes or any(outcome.kind in ("timeout", "crash") for outcome in outcomes):
            return []
        if all(self.is_right(call, outcome) for call, outcome in run.calls):
            return []
        return [
            mistake
            for mistake in self.mistakes
            if all(self.mistake(mistake, call).same_as(outcome) for call, outcome in reversed(run.calls))
        ]
