"""CPU seconds to grade one right submission, beside the import floor and beside plain pytest, in one run.

The exercises are those of the command line, by default the first five. Each command runs in turn, several rounds, and
counts the CPU time of all its processes; the ratios are of medians.

    floor        python -c "import torch, transformers; from transformers import AutoTokenizer, AutoModel…"
    model floor  the same, and a model's class and tokenizer imported: what any program that runs a model pays
    grade        grader grade solutions
    grade all    grader grade solutions, every exercise of the course
    plain        the same hidden suites by a fresh plain pytest, solutions and references in one process
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from grader.catalogue import load_course, select
from grader.checkpoints import cache

ROUNDS = 3
EXERCISES = ["04", "05", "06", "08", "12"]
FLOOR = "import torch, transformers; from transformers import AutoTokenizer, AutoModelForSequenceClassification"
MODEL_FLOOR = FLOOR + ", DistilBertForSequenceClassification, PreTrainedTokenizerFast"


def cpu_seconds(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Run `command` and return the CPU and wall seconds that it and its processes took."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - started


def main() -> None:
    cache.ensure()
    one_thread = {**os.environ, **cache.environment(), "OMP_NUM_THREADS": "1"}
    many_threads = {name: value for name, value in one_thread.items() if name != "OMP_NUM_THREADS"}
    here = Path(__file__).parent
    exercises = select(load_course(), sys.argv[1:] or EXERCISES)
    chosen = [part for exercise in exercises for part in ("--exercise", exercise.slug)]
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "-p", "plain_suites"]
    plain += ["--import-mode=importlib", *(str(exercise.suite) for exercise in exercises)]
    plain_env = {"PYTHONPATH": str(here), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    commands = {
        "floor": ([sys.executable, "-c", FLOOR], one_thread),
        "model floor": ([sys.executable, "-c", MODEL_FLOOR], one_thread),
        "grade": ([sys.executable, "-m", "grader", "grade", "solutions", "--seed", "1", *chosen], one_thread),
        "grade all": ([sys.executable, "-m", "grader", "grade", "solutions", "--seed", "1"], one_thread),
        "plain": (plain, one_thread | plain_env),
        "plain, torch's own threads": (plain, many_threads | plain_env),
    }
    cpu: dict[str, list[float]] = {name: [] for name in commands}
    wall: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, (command, env) in commands.items():
            seconds = cpu_seconds(command, env)
            cpu[name].append(seconds[0])
            wall[name].append(seconds[1])
    floor = statistics.median(cpu["floor"])
    model_floor = statistics.median(cpu["model floor"])
    print(f"{len(exercises)} exercises, {ROUNDS} rounds, {os.cpu_count()} cores; medians")
    print(f"{'':28}{'CPU s':>8}{'wall s':>8}{'/ floor':>9}{'/ model floor':>15}")
    for name in commands:
        median = statistics.median(cpu[name])
        row = f"{name:28}{median:8.2f}{statistics.median(wall[name]):8.2f}"
        print(f"{row}{median / floor:9.2f}{median / model_floor:15.2f}")


if __name__ == "__main__":
    main()
