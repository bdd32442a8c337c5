"""What was seen beside a wrong result, told with it where no mistake of the bank was named.

What a call changed and how it ran the model are the worker's claims: good for feedback, never for a verdict. That
something is kept between calls is found out here: the same call, alone in a new process, gives the right result.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from grader.judge.diagnosis import Diagnosis
from grader.judge.facts import Fact
from grader.judge.runner import Run
from grader.judge.subjects import Call, Outcome, Student
from grader.judge.suite import changed_parts

ABOUT_VALUES = ("wrong_value", "wrong_numbers", "wrong_length", "wrong_shape", "not_finite", "not_true")


def observe(runs: Sequence[Run], named: Collection[str], student: Student, diagnosis: Diagnosis) -> dict[str, Fact]:
    """Return what was seen at failed checks, by the check's id; `named` are those whose mistake is known.

    A new process is started for each function with such a check, once where it does not help.
    """
    seen: dict[str, Fact] = {}
    stateless: set[str] = set()
    for run in runs:
        if run.status != "failed" or run.check.id in named or run.fact is None or run.fact.kind not in ABOUT_VALUES:
            continue
        wrong = next(((c, o) for c, o in run.calls if not diagnosis.is_right(c, o)), None)
        if wrong is None:
            continue
        fact = _claimed(run, diagnosis)
        if fact is None and wrong[0].function not in stateless:
            if _right_alone(wrong[0], student, diagnosis):
                fact = Fact("kept")
            else:
                stateless.add(wrong[0].function)
        if fact is not None:
            seen[run.check.id] = fact
    return seen


def _claimed(run: Run, diagnosis: Diagnosis) -> Fact | None:
    changed = [
        part
        for call, outcome in run.calls
        for part in changed_parts(outcome)
        if part not in changed_parts(diagnosis.reference(call))
    ]
    if changed:
        return Fact("changed", {"names": ", ".join(dict.fromkeys(changed))})
    if any(_trained(outcome) and not _trained(diagnosis.reference(call)) for call, outcome in run.calls):
        return Fact("in_training_mode")
    return None


def _trained(outcome: Outcome) -> bool:
    return any(forward.get("training") is True for forward in outcome.forwards)


def _right_alone(call: Call, student: Student, diagnosis: Diagnosis) -> bool:
    student.end()
    try:
        return diagnosis.is_right(call, student.perform(call))
    finally:
        student.end()
