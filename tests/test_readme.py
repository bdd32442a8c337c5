"""Every command of the READMEs runs, and says what it should."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalogue import ROOT, load_course

READMES = ("README.md", "README.es.md")
BIN = Path(sys.executable).parent
SCRIPT = """
from transformers import AutoModel, AutoTokenizer
name = "dccuchile/bert-base-spanish-wwm-cased"
encoded = AutoTokenizer.from_pretrained(name)("Hola, mundo", return_tensors="pt")
print(AutoModel.from_pretrained(name)(**encoded).last_hidden_state.shape)
"""
# What the platforms set around a command of theirs.
PLATFORM = {
    "CLASSROOM": "nlp", "ASSIGNMENT": "hw1", "ASSIGNMENT_TYPE": "individual", "OWNER": "ana", "SUBMISSION_TAG": "submit/1",
    "COMMIT_URL": "https://git.example/c", "RELEASE_URL": "https://git.example/r", "REVIEW_URL": "https://git.example/d",
}  # fmt: skip
# Commands whose whole run is somewhere else: what makes the environment, and what CI runs by itself.
ELSEWHERE = {
    "make test": "Makefile",
    "pip install torch==2.13.0": "constraints.txt",
    "pip install -c constraints.txt -e .": "Makefile",
    "grader verify": "Makefile",
    "grader demo": "Makefile",
}


def commands(readme):
    """Return the command lines in the code blocks of a README, without comments."""
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / readme).read_text(), re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def runnable():
    found = {command for readme in READMES for command in commands(readme)} - set(ELSEWHERE)
    return sorted(found - {"python my_script.py"})


def shell(command, cwd, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HF_"))}
    environment |= {"PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "120", "HOME": str(tmp_path)}
    environment |= PLATFORM | {"GITHUB_OUTPUT": f"{tmp_path}/output", "GITHUB_STEP_SUMMARY": f"{tmp_path}/summary"}
    environment.setdefault("GRADER_CACHE", str(Path("~/.cache/pretrained-course").expanduser()))
    return subprocess.run(
        ["bash", "-c", command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


def small_class(tmp_path):
    """Put a class of two, and its roster, where the commands of the README find them."""
    for name in ("ana_all_right", "diego_untouched"):
        shutil.copytree(ROOT / "grader" / "sample_class" / name, tmp_path / "class" / name)
    (tmp_path / "roster.csv").write_text("identifier,github_username\n1,ana_all_right\n2,leo\n")


def own_course(tmp_path):
    """Put a course of one exercise where commands that change files run, and return the line that leads them there."""
    course = tmp_path / "own"
    skipped = shutil.ignore_patterns("hidden", "sample_class", "__pycache__")
    shutil.copytree(ROOT / "grader", course / "grader", ignore=skipped)
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name / "04_softmax_predictions", course / name / "04_softmax_predictions")
    with (course / "exercises" / "04_softmax_predictions" / "softmax_predictions.py").open("a") as stub:
        stub.write("# mine\n")
    return f'cd {course} && export PYTHONPATH={course} && grader() {{ python -m grader "$@"; }} && '


@pytest.mark.parametrize("command", runnable())
def test_a_command_of_the_readme_runs(command, tmp_path):
    (tmp_path / "my_script.py").write_text(SCRIPT)
    small_class(tmp_path)
    line = {
        'eval "$(grader checkpoints env)"': f'eval "$(grader checkpoints env)" && python {tmp_path}/my_script.py',
        "make demo": f"make demo VENV={BIN.parent} -o {BIN.parent}/.installed",
        "grader verify 04 --seeds 200": "grader verify 04 --seeds 2",
    }.get(command, command)
    line = line.replace("path/to/repository", "grader/sample_class/ana_all_right")
    line = re.sub(r"[a-z]+\.(json|xml|csv)", rf"{tmp_path}/\g<0>", line)
    line = line.replace("path/to/class", f"{tmp_path}/class").replace("reports/hw1", f"{tmp_path}/hw1")
    if "--resume" in line:
        line = f"{line.partition(' --resume')[0]} >/dev/null && {line}"
    line = line.replace("grader demo", f"grader demo --output {tmp_path}").replace("../", f"{tmp_path}/released/")
    (tmp_path / "released").mkdir()
    if command.startswith(("grader solve", "grader reset", "grader undo")):
        before = "grader reset 04 && " if "undo" in command else ""
        line = own_course(tmp_path) + before + line
    expected = {
        "pytest exercises/04_softmax_predictions": (1, "not started: exercises/04_softmax_predictions"),
        "grader list": (0, "04_softmax_predictions"),
        'eval "$(grader checkpoints env)"': (0, "torch.Size([1, "),
        "make demo": (0, "bruno_two_mistakes"),
        "pytest exercises --solutions": (0, "passed"),
    }
    expected |= {command: (0, "Nothing handed in: leo") for command in runnable() if command.startswith("grader batch")}
    for name, text in {
        "grader solve 04": "softmax_predictions.py is the solution now; what was there is in .grader/saved/",
        "grader reset 04": "softmax_predictions.py is the untouched one now; what was there is in .grader/saved/",
        "grader undo 04": "softmax_predictions.py is back; what was in its place is in .grader/saved/",
        "grader check 04": "04_softmax_predictions  0/4  not started",
        "grader release ../course": "25 exercises; ",
    }.items():
        expected[name] = (0, text)
    code, text = expected.get(command, (1 if "--fail-under" in command else 0, ""))
    done = shell(line, ROOT, tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert text in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("command", "file"), ELSEWHERE.items())
def test_what_is_run_elsewhere_says_the_same_there(command, file):
    text = (ROOT / file).read_text()
    wanted = {
        "make test": "$(BIN)/python -m pytest -n 2",
        "pip install torch==2.13.0": "torch==2.13.0",
        "pip install -c constraints.txt -e .": "-c constraints.txt -e '.[dev]'",
        "grader verify": "$(BIN)/grader verify --jobs 2 --seed 31\n",
        "grader demo": "$(BIN)/grader demo\n",
    }[command]
    assert wanted in text


def test_both_readmes_have_the_same_commands_and_parts():
    def plain(command):
        return command.replace(" --lang es", "")

    assert [plain(command) for command in commands(READMES[0])] == [plain(command) for command in commands(READMES[1])]
    parts = [re.findall(r"^#+", (ROOT / readme).read_text(), re.MULTILINE) for readme in READMES]
    assert parts[0] == parts[1]


def test_the_tables_hold_every_exercise_and_are_up_to_date(run_grader):
    for readme, language in zip(READMES, ("en", "es"), strict=True):
        text = (ROOT / readme).read_text()
        for exercise in load_course().values():
            assert f"{exercise.slug[:2]} · {exercise.title[language]}" in text
    done = run_grader("sync", "--check")
    assert done.returncode == 0, done.stdout


def test_every_link_of_the_readmes_leads_somewhere():
    for readme in READMES:
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / readme).read_text()):
            assert (ROOT / target).exists(), target
