"""From this repository to a student's: what is in a release, what is not, and that it runs as its README says."""

import ast
import base64
import csv
import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

from grader.authoring.release import PLATFORMS, ReleaseError, autograder_zip, deliver, student_repository
from grader.authoring.stubs import stub_of
from grader.catalogue import ROOT, load_course
from grader.checkpoints import cache
from grader.judge import bank

COURSE = load_course()
CODE = "04_softmax_predictions"
STUDENTS = [platform for platform in PLATFORMS if platform != "gradescope"]
# Lines of solutions that the course shows students by hand, and where. Nothing else of a solution is in a release.
SHOWN = {
    'encoded = tokenizer(text, return_tensors="pt")': "exercises/11_next_token/",
    "tokenizer.pad_token = tokenizer.eos_token": "exercises/11_next_token/",
    'enc = tokenizer(texts, padding=True, return_tensors="pt")': "exercises/15_encoder_decoder/",
    '"question-answering": transformers.AutoModelForQuestionAnswering,': "grader/checkpoints/",
    '"token-classification": transformers.AutoModelForTokenClassification,': "grader/checkpoints/",
}
TRIVIAL = {"with torch.no_grad():"}
LONG = 20
LARGE = 12  # parts of the syntax tree: `scores = start[:, None] + end[None, :]` has 13, what any code shares has fewer
# The public checks of 08 make the logits and the context of a real question, as step 2 of 09 does.
SHOWN_SHAPES = {("exercises/08_best_answer_span/test_best_answer_span.py", "09_answer_question")}
UNNAMED = {"ctx", "annotation", "returns", "type_comment", "kind"}


def lines_of(text):
    return {line.strip() for line in text.splitlines()}


def plain(name, data):
    """Return the text of a released file; of a notebook its cells."""
    if name.endswith(".ipynb"):
        return "\n".join(["".join(cell["source"]) for cell in json.loads(data)["cells"]])
    return data.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def solution_lines():
    """Every line of a step of a solution that says something."""
    found = set()
    for exercise in COURSE.values():
        source = exercise.solution.read_text()
        found |= lines_of(source) - lines_of(stub_of(source, exercise.solution))
    assert len([line for line in found if len(line) >= LONG]) > 200
    return {line for line in found if len(line) >= LONG} - TRIVIAL


@pytest.fixture(scope="module")
def hidden_texts():
    """Names and sentences that only hidden files have, each with the file that it is from."""
    found = {}
    for exercise in COURSE.values():
        for path in sorted(exercise.hidden.rglob("*.py")):
            tree = ast.parse(path.read_text())
            docs = [
                ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.FunctionDef))
            ]
            checks = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
            texts = [line for doc in docs if doc for line in doc.splitlines() if len(line) > 40] + checks
            found |= {text.strip(): path for text in texts}
        for mistake in bank.mistakes(exercise):
            texts = (mistake.name, mistake.advice["en"], mistake.advice["es"])
            found |= dict.fromkeys(texts, exercise.hidden / "mistakes.toml")
    public = "\n".join(path.read_text() for exercise in COURSE.values() for path in
                       (exercise.public_checks, exercise.stub.parent / "README.md", exercise.stub))  # fmt: skip
    return {text: path for text, path in found.items() if text not in public}


def secrets_in(files, solution_lines, hidden_texts):
    """Return what of solutions and hidden files is in `files` (name, text), with the place."""
    found = []
    for name, text in files:
        for line in lines_of(text) & solution_lines:
            if not (line in SHOWN and (name is None or name.startswith(SHOWN[line]))):
                found.append((name, line))
        found += [(name, hidden) for hidden in hidden_texts if hidden in text]
    return found


def shape(node):
    """Return a syntax tree as text without the names that its author chose, and how many parts it has."""
    if isinstance(node, ast.Name):
        return "_", 1
    if isinstance(node, ast.Constant):
        return "str" if isinstance(node.value, str) else repr(node.value), 1
    if isinstance(node, (list, ast.AST)):
        parts = node if isinstance(node, list) else [v for k, v in ast.iter_fields(node) if k not in UNNAMED]
        texts, sizes = zip(*map(shape, parts), strict=True) if parts else ((), ())
        own = isinstance(node, (ast.expr, ast.stmt, ast.keyword, ast.comprehension, ast.Slice))
        return f"{type(node).__name__}({','.join(texts)})", sum(sizes) + own
    return str(node), 0


def is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def shapes_of(source):
    """Return the large shapes in the functions of a module: expressions, statements, and neighbours of statements."""
    found = {}
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for function in functions:
        blocks = [value for n in ast.walk(function) for _, value in ast.iter_fields(n) if isinstance(value, list)]
        blocks = [[n for n in block if isinstance(n, ast.stmt) and not is_docstring(n)] for block in blocks]
        parts = [block[at : at + width] for block in blocks for width in (2, 3) for at in range(len(block) - width + 1)]
        parts += [n for n in ast.walk(function) if isinstance(n, (ast.expr, ast.stmt)) and n is not function]
        for part in parts:
            text, size = shape(part)
            if size >= LARGE:
                found.setdefault(text, function.name)
    return found


@pytest.fixture(scope="module")
def solution_shapes():
    """The large shapes of the solutions' steps, each with its exercises: those of the stubs are everybody's."""
    found = {}
    for slug, exercise in COURSE.items():
        source = exercise.solution.read_text()
        own = shapes_of(source).keys() - shapes_of(stub_of(source, exercise.solution)).keys()
        assert own, slug
        for text in own:
            found.setdefault(text, set()).add(slug)
    return found


def renamed_leaks(files, solution_shapes):
    """Return (file, function, exercise) for each function in `files` (name, source) that does what a solution does."""
    return {
        (name, function, slug)
        for name, source in files
        for text, function in shapes_of(source).items()
        for slug in solution_shapes.get(text, ())
        if (name, slug) not in SHOWN_SHAPES
    }


@pytest.fixture(scope="module", params=STUDENTS)
def files(request):
    """The files of a student repository, for each platform."""
    return student_repository(list(COURSE.values()), request.param, "en")


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A released course, for GitHub Classroom's actions."""
    folder = tmp_path_factory.mktemp("released") / "course"
    deliver(student_repository(list(COURSE.values()), "github", "en"), folder)
    return folder


def git(folder, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout


# --- nothing hidden ---


def test_no_solution_and_nothing_hidden_is_in_any_file(files, solution_lines, hidden_texts):
    texts = [(name, plain(name, data)) for name, data in files.items()]
    assert secrets_in(texts, solution_lines, hidden_texts) == []
    assert len(hidden_texts) > 1000


def test_the_search_finds_what_is_leaked(solution_lines, hidden_texts):
    exercise = COURSE[CODE]
    leaks = {
        f"exercises/{CODE}/softmax_predictions.py": exercise.solution.read_text(),
        "a/suite.py": exercise.suite.read_text(),
        "a/mistakes.toml": (exercise.hidden / "mistakes.toml").read_text(),
        "a/variant.py": next((exercise.hidden / "variants").glob("*.py")).read_text(),
    }
    for name, text in leaks.items():
        assert secrets_in([(name, text)], solution_lines, hidden_texts), name


def test_no_function_is_a_solution_by_other_names(files, solution_shapes):
    sources = [(name, data.decode()) for name, data in files.items() if name.endswith(".py")]
    assert len(sources) > 100
    assert renamed_leaks(sources, solution_shapes) == set()


def test_the_search_finds_a_solution_by_other_names(solution_shapes):
    teaching = ROOT / "grader" / "checkpoints" / "teaching" / "tasks.py"
    found = renamed_leaks([("tasks.py", teaching.read_text())], solution_shapes)
    assert ("tasks.py", "_best_span", "08_best_answer_span") in found
    for slug, exercise in COURSE.items():
        tree = ast.parse(exercise.solution.read_text())
        for node in ast.walk(tree):
            if isinstance(node, (ast.Name, ast.arg)):
                setattr(node, "id" if isinstance(node, ast.Name) else "arg", f"other_{len(ast.dump(node))}")
        assert slug in {leak[2] for leak in renamed_leaks([("a.py", ast.unparse(tree))], solution_shapes)}


def test_how_the_twins_are_taught_is_not_there_and_no_page_names_its_command(released):
    room = released / "grader" / "checkpoints"
    assert not (room / "teaching").exists()
    assert list((room / "taught").iterdir())
    assert list((room / "cards").iterdir())
    assert not [path for path in released.rglob("*.md") if "checkpoints teach" in path.read_text()]
    done = in_release(released, [sys.executable, "-m", "grader", "checkpoints", "teach"])
    assert done.returncode == 2
    assert "No such command" in done.stderr
    done = in_release(released, [sys.executable, "-m", "grader", "checkpoints", "card", "gpt2"])
    assert done.stdout.startswith("---\n")


def test_only_what_the_allow_list_names_is_there(files):
    folders = {name.split("/")[0] for name in files} - {".github", "autograder.py", "ci-example.yml"}
    assert folders == {
        "exercises", "grader", ".devcontainer", "README.md", "AGENTS.md", "LICENSE", "pyproject.toml", "constraints.txt",
        ".gitignore",
    }  # fmt: skip
    rooms = {name.split("/")[1] for name in files if name.startswith("grader/") and name.count("/") > 1}
    assert rooms == {"checkpoints", "cli", "notebooks", "reports", "stubs"}
    for slug in COURSE:
        own = {name.split("/")[-1] for name in files if name.startswith(f"exercises/{slug}/")}
        module = slug.partition("_")[2]
        assert own == {
            "README.md",
            "README.es.md",
            "exercise.toml",
            f"{module}.py",
            f"{module}.ipynb",
            f"test_{module}.py",
        }


def test_a_solution_left_in_exercises_does_not_get_out(solution_lines, tmp_path):
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name / CODE, tmp_path / name / CODE)
    exercise = load_course(tmp_path)[CODE]
    exercise.stub.write_text(exercise.solution.read_text())
    (exercise.stub.parent / "notes.py").write_text(exercise.solution.read_text())
    out = student_repository([exercise], "plain", "en")
    assert out[f"exercises/{CODE}/{exercise.file}"] == (ROOT / "exercises" / CODE / exercise.file).read_bytes()
    assert not any(lines_of(plain(name, data)) & (solution_lines - SHOWN.keys()) for name, data in out.items())


def test_no_git_object_of_a_committed_release_holds_anything_hidden(released, tmp_path, solution_lines, hidden_texts):
    folder = tmp_path / "course"
    shutil.copytree(released, folder)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Course")
    listed = git(folder, "cat-file", "--batch-all-objects", "--batch-check").decode().splitlines()
    blobs = [line.split()[0] for line in listed if line.split()[1] == "blob"]
    texts = []
    for blob in blobs:
        data = git(folder, "cat-file", "blob", blob)
        texts.append((None, plain(".ipynb" if data.startswith(b'{\n "cells"') else "", data)))
    assert len(blobs) > 150
    assert secrets_in(texts, solution_lines, hidden_texts) == []


# --- what it is made of ---


def test_the_index_of_an_exercise_says_what_the_solution_does(released):
    course = load_course(released)
    assert list(course) == list(COURSE)
    for slug, exercise in course.items():
        assert exercise == COURSE[slug]
        assert exercise.todos == COURSE[slug].todos
        assert exercise.title == COURSE[slug].title
        assert not exercise.solution.exists()


def test_every_module_of_the_release_can_be_imported(released):
    code = (
        "import importlib, pkgutil, grader; "
        "names = [m.name for m in pkgutil.walk_packages(grader.__path__, 'grader.') if not m.name.endswith('__main__')]; "
        "[importlib.import_module(name) for name in names]; print(len(names), grader.__file__)"
    )
    done = in_release(released, [sys.executable, "-c", code])
    assert done.returncode == 0, done.stderr
    count, place = done.stdout.split()
    assert int(count) > 25
    assert Path(place) == released / "grader" / "__init__.py"


def test_pins_and_dependencies_are_those_of_this_repository(released):
    ours, theirs = (tomllib.loads((root / "pyproject.toml").read_text()) for root in (ROOT, released))
    assert set(ours["project"]["dependencies"]) - set(theirs["project"]["dependencies"]) == {
        "jinja2>=3.1",
        "nbformat>=5.10",
    }
    assert set(theirs["project"]["dependencies"]) < set(ours["project"]["dependencies"])
    pins = set((released / "constraints.txt").read_text().splitlines()[1:])
    assert pins < set((ROOT / "constraints.txt").read_text().splitlines())
    assert {pin.split("==")[0] for pin in pins} >= {"torch", "transformers", "pytest", "ipykernel"}
    for package, patterns in theirs["tool"]["setuptools"]["package-data"].items():
        assert all(list((released / package.replace(".", "/")).glob(pattern)) for pattern in patterns)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_classroom_workflow_has_a_step_and_a_result_for_each_exercise(lang):
    text = student_repository(list(COURSE.values()), "github", lang)[".github/workflows/classroom.yml"].decode()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["checks"]["steps"]
    graded = [step for step in steps if "id" in step]
    assert [step["name"] for step in graded] == [f"{slug[:2]} · {e.title[lang]}" for slug, e in COURSE.items()]
    assert all(step["run"].endswith('--format classroom --output "$GITHUB_OUTPUT"') for step in graded)
    assert all(re.fullmatch(r"[a-z0-9]+", step["id"]) for step in graded)
    reporter = steps[-1]
    assert reporter["with"]["runners"] == ",".join(step["id"] for step in graded)
    wanted = {f"{step['id'].upper()}_RESULTS": f"${{{{ steps.{step['id']}.outputs.result }}}}" for step in graded}
    assert reporter["env"] == wanted
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    assert "secrets." not in text
    assert "pull_request_target" not in text


@pytest.mark.parametrize("platform", STUDENTS)
@pytest.mark.parametrize("index", [None, "https://example.org/simple"])
def test_every_generated_file_is_well_formed(platform, index):
    out = student_repository([COURSE[CODE]], platform, "es", index)
    json.loads(out[".devcontainer/devcontainer.json"])
    tomllib.loads(out["pyproject.toml"].decode())
    tomllib.loads(out[f"exercises/{CODE}/exercise.toml"].decode())
    for name in (name for name in out if name.endswith(".yml")):
        assert yaml.safe_load(out[name])["permissions"] == {"contents": "read"}
    for name in (name for name in out if name.endswith(".py")):
        ast.parse(out[name])
    for name in ("README.md", "AGENTS.md", "pyproject.toml"):
        assert not re.search(r"<<|>>|<%|%>", out[name].decode())
    installs = [name for name, data in out.items() if b"example.org" in data]
    assert bool(installs) == (index is not None)
    assert out["README.md"].decode().startswith("# Transformers preentrenados")
    assert tomllib.loads(out["pyproject.toml"].decode())["tool"]["pytest"]["ini_options"]["course_language"] == "es"


def test_an_index_with_characters_of_the_shell_stays_one_word():
    index = "https://x/?a=b&c='d'$(e)"
    found = []
    for platform in STUDENTS:
        out = student_repository([COURSE[CODE]], platform, "en", index)
        found.append(json.loads(out[".devcontainer/devcontainer.json"])["postCreateCommand"].partition(" && ")[0])
        for name in (name for name in out if name.endswith(".yml")):
            steps = yaml.safe_load(out[name])["jobs"]["checks"]["steps"]
            found.append(next(line for step in steps for line in step.get("run", "").split("\n") if "torch" in line))
        if "autograder.py" in out:
            literals = [n.value for n in ast.walk(ast.parse(out["autograder.py"])) if isinstance(n, ast.Constant)]
            assert index in literals
    archive = zipfile.ZipFile(io.BytesIO(autograder_zip([COURSE[CODE]], 77, "es", "gap", index)))
    found += [line for line in archive.read("setup.sh").decode().split("\n") if "torch" in line]
    assert len(found) == 6
    assert all(shlex.split(line)[-2:] == ["--index-url", index] for line in found)


@pytest.mark.parametrize(("lang", "one", "two"), [
    ("en", "\n1 exercise on using", "\n2 exercises on using"), ("es", "\n1 ejercicio sobre", "\n2 ejercicios sobre"),
])  # fmt: skip
def test_one_exercise_is_one(lang, one, two):
    both = [COURSE[CODE], COURSE["08_best_answer_span"]]
    for chosen, words in ((both[:1], one), (both, two)):
        assert words in student_repository(chosen, "plain", lang)["README.md"].decode()


def test_assistants_are_asked_to_teach_in_both_languages():
    for lang, words in (("en", "Teach, do not solve."), ("es", "Enseña, no resuelvas.")):
        assert words in student_repository([COURSE[CODE]], "plain", lang)["AGENTS.md"].decode()


# --- written, and written again ---


def test_a_second_release_updates_and_leaves_what_is_not_its_own(tmp_path):
    folder = tmp_path / "course"
    two = [COURSE[CODE], COURSE["08_best_answer_span"]]
    deliver(student_repository(two, "github", "en"), folder)
    (folder / "SYLLABUS.md").write_text("mine")
    (folder / "exercises" / "notes.txt").write_text("mine")
    (folder / "README.md").write_text("changed here")
    (folder / "LICENSE").unlink()
    done = deliver(student_repository(two[:1], "plain", "es"), folder)
    assert (folder / "SYLLABUS.md").read_text() == (folder / "exercises" / "notes.txt").read_text() == "mine"
    assert (folder / "README.md").read_text() == "changed here"
    assert done.kept == ("README.md",)
    assert (folder / "LICENSE").exists()
    assert "ci-example.yml" in done.written
    assert ".github/workflows/classroom.yml" in done.removed
    assert not (folder / ".github").exists()
    assert not (folder / "exercises" / "08_best_answer_span").exists()
    assert (folder / "AGENTS.md").read_text().startswith("# Para asistentes")


def test_a_changed_file_of_an_exercise_that_left_and_came_back_is_kept(tmp_path):
    both = [COURSE[CODE], COURSE["08_best_answer_span"]]
    with_both, without = (student_repository(chosen, "plain", "en") for chosen in (both, both[:1]))
    deliver(with_both, tmp_path)
    name = "exercises/08_best_answer_span/README.md"
    (tmp_path / name).write_text("changed here")
    for files in (without, without, with_both, with_both):
        assert deliver(files, tmp_path).kept == (name,)
        assert (tmp_path / name).read_text() == "changed here"
    (tmp_path / name).unlink()
    assert deliver(with_both, tmp_path).written == (name,)


def test_a_release_over_itself_writes_nothing(released):
    done = deliver(student_repository(list(COURSE.values()), "github", "en"), released)
    assert (done.written, done.removed, done.kept) == ((), (), ())


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda p: (p / "thesis.tex").write_text("mine"), "holds thesis.tex and is no released course; give a new or an empty"),
        (lambda p: (p / ".release.json").write_text("{"), ".release.json is damaged; restore it, or release into a new"),
        (lambda p: (p / ".release.json").write_text('{"schema": "x", "files": {}}'), "is no manifest of this version"),
        (lambda p: (p / ".release.json").write_text(
            '{"schema": "grader/release/v1", "files": {"../thesis.tex": "0"}}'), "is no manifest of this version"),
        (lambda p: (deliver({"a": b"1"}, p), (p / "README.md").write_text("mine")),
         "README.md is not from a release; move it away first"),
    ],
)  # fmt: skip
def test_what_is_somebody_elses_is_refused_before_anything_is_written(tmp_path, prepare, message):
    prepare(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ReleaseError, match=re.escape(message)):
        deliver(student_repository([COURSE[CODE]], "plain", "en"), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_empty_clone_is_released_into(tmp_path):
    git(tmp_path, "init", "-q", "course")
    done = deliver({"a/b": b"1"}, tmp_path / "course")
    assert done.written == ("a/b",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x.zip", "--platform", "plain"), "a student repository is a folder; --platform gradescope makes a zip"),
        (("x", "--platform", "gradescope"), "is one file; name it, such as autograder.zip"),
        (("no/such/x.zip", "--platform", "gradescope"), "no/such is not a folder; make it first"),
        (("x", "--exercises", "99"), "there is no exercise '99'"),
        (("README.md",), "README.md is a file; give a folder"),
        (("x", "--exercises", " ,"), "names no exercise; leave it out to release all of them"),
        (("x", "--seed", "1"), "--seed is for --platform gradescope alone: students get no hidden checks"),
        (("x", "--platform", "plain", "--reveal", "full"), "--reveal is for --platform gradescope alone"),
        (("x", "--torch-index", "https://x/ y"), "is no address such as https://example.org/simple"),
    ],
)
def test_a_wrong_release_is_one_line_and_exit_2(run_grader, arguments, message):
    done = run_grader("release", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


# --- it runs as its README says ---


def in_release(folder, command, **variables):
    """Run a command with the released package in the place of this one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "HF_"))}
    environment |= {"PYTHONPATH": str(folder), "COLUMNS": "120", **variables}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )  # fmt: skip


@pytest.fixture(scope="module")
def installed(released, tmp_path_factory):
    """A clone of the release, installed by its README's own commands into an environment of its own.

    The environment sees the packages of this one, and pip has no index: nothing is fetched.
    """
    room = tmp_path_factory.mktemp("student")
    source = room / "upstream"
    shutil.copytree(released, source)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "Course")):
        git(source, *arguments)
    git(room, "clone", "-q", "--bare", "upstream", "remote.git")
    git(room, "clone", "-q", "remote.git", "work")
    venv.create(room / "venv")
    for name in ("pip", "pytest"):
        script = room / "venv" / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -P -m {name} "$@"\n')
        script.chmod(0o755)
    (site,) = (room / "venv" / "lib").glob("python*/site-packages")
    (site / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return room


def commands(readme):
    blocks = re.findall(r"^```\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def shell(room, command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "HF_", "PYTHONPATH"))}
    environment |= {
        "PATH": f"{room / 'venv' / 'bin'}:{os.environ['PATH']}", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "COLUMNS": "120", "VIRTUAL_ENV": str(room / "venv"),
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    return subprocess.run(
        ["bash", "-c", command], cwd=room / "work", env=environment, capture_output=True, text=True, timeout=280,
        check=False,
    )  # fmt: skip


@pytest.mark.timeout(900)
def test_the_commands_of_its_readme_run_in_their_order(installed):
    first = next(iter(COURSE))
    (installed / "work" / "my_script.py").write_text(
        "from transformers import AutoConfig; print(AutoConfig.from_pretrained('gpt2').model_type)"
    )
    expected = {
        f"pytest exercises/{first}": (1, f"not started: exercises/{first}/"),
        "grader list": (0, CODE),
        "grader check 01": (0, "01_auto_classes  0/5  not started"),
        "grader reset 01": (0, "01_auto_classes: the stub is there already"),
        "grader undo 01": (2, ""),  # there is nothing to undo
        "python my_script.py": (0, "gpt2"),
    }
    ran = []
    for command in commands(installed / "work" / "README.md"):
        line = command.replace("URL", str(installed / "remote.git"))
        if command == "python my_script.py":
            line = f"{ran[-1]} && {command}"
        done = shell(installed, line)
        code, text = expected.get(command, (0, ""))
        assert done.returncode == code, (command, done.stdout + done.stderr)
        assert text in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
        ran.append(command)
    assert len(ran) == len(set(ran)) >= 12
    where = shell(installed, "python -c 'import grader; print(grader.__file__)'")
    assert where.stdout.strip() == str(installed / "work" / "grader" / "__init__.py")


def test_both_readmes_have_the_same_commands_and_parts():
    texts = [student_repository([COURSE[CODE]], "github", lang)["README.md"].decode() for lang in ("en", "es")]
    blocks = [re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for text in texts]
    assert [block.replace(" --lang es", "") for block in blocks[1]] == blocks[0]
    english, spanish = (re.findall(r"^#+", text, re.MULTILINE) for text in texts)
    assert english == spanish
    assert all(f"## {heading}" in text for heading, text in zip(("Real models", "Modelos reales"), texts, strict=True))


def test_pytest_alone_runs_every_public_check_as_not_started(released):
    done = in_release(released, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"])
    told = [line for line in done.stdout.splitlines() if line.startswith("not started: ")]
    assert done.returncode == 1
    assert len(told) == int(re.search(r"(\d+) failed", done.stdout)[1]) > 90
    assert " passed" not in done.stdout


def test_in_a_released_course_solve_says_in_one_line_that_there_are_no_solutions(released):
    done = in_release(released, [sys.executable, "-m", "grader", "solve", "04"])
    assert done.returncode == 2
    assert done.stderr == "grader: this course comes without solutions; ask your instructor\n"


def test_an_update_reaches_a_student_and_leaves_the_students_work(tmp_path):
    first = student_repository([COURSE[CODE]], "github", "en")
    teacher, work = tmp_path / "teacher", tmp_path / "work"
    deliver(first, teacher)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "One")):
        git(teacher, *arguments)
    git(tmp_path, "clone", "-q", "teacher", "work")
    stub = work / "exercises" / CODE / "softmax_predictions.py"
    mine = stub.read_text().replace('raise NotImplementedError("TODO 1")', "return logits.softmax(-1)")
    stub.write_text(mine)
    git(work, "commit", "-qam", "My work")
    name, readme = f"exercises/{CODE}/softmax_predictions.py", f"exercises/{CODE}/README.md"
    corrected = first[name].replace(
        b'raise NotImplementedError("TODO 1")', b'raise NotImplementedError("TODO 1")  # mind'
    )
    corrected = corrected.replace(b"one padded batch", b"one padded batch of tensors")
    deliver(first | {name: corrected, readme: first[readme] + b"\nA correction.\n"}, teacher)
    git(teacher, "commit", "-qam", "Two")
    (pull,) = [line for line in commands(work / "README.md") if line.startswith("git pull")]
    git(work, "remote", "add", "upstream", str(teacher))
    git(work, *pull.split()[1:])
    assert (work / readme).read_text().endswith("A correction.\n")
    assert stub.read_text() == mine.replace("one padded batch", "one padded batch of tensors")


# --- platforms that grade by themselves ---


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """The autograder of Classroom 50 as a module, in its bundle."""
    bundle = tmp_path_factory.mktemp("bundle") / "course"
    deliver(student_repository([COURSE[CODE]], "classroom50", "en"), bundle)
    spec = importlib.util.spec_from_file_location("autograder", bundle / "autograder.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, bundle


def test_the_autograder_of_classroom_50_takes_the_exercises_files_and_nothing_else(autograder, tmp_path):
    module, bundle = autograder
    checkout = tmp_path / "checkout"
    shutil.copytree(bundle, checkout)
    folder = checkout / "exercises" / CODE
    (folder / "softmax_predictions.py").write_text("mine = 1\n")
    (folder / "softmax_predictions.ipynb").unlink()
    (folder / "softmax_predictions.ipynb").symlink_to("/etc/hostname")
    (folder / "test_softmax_predictions.py").write_text("def test_all_is_well():\n    pass\n")
    (folder / "conftest.py").write_text("raise SystemExit\n")
    (checkout / "grader" / "public.py").write_text("raise SystemExit\n")
    work = tmp_path / "work"
    module.work_tree(bundle, checkout, work)
    there = work / "exercises" / CODE
    assert (there / "softmax_predictions.py").read_text() == "mine = 1\n"
    assert not (there / "softmax_predictions.ipynb").exists()
    assert not (there / "conftest.py").exists()
    assert (there / "test_softmax_predictions.py").read_bytes() == COURSE[CODE].public_checks.read_bytes()
    assert (work / "grader" / "public.py").read_bytes() == (ROOT / "grader" / "public.py").read_bytes()


@pytest.fixture(scope="module")
def archive():
    return zipfile.ZipFile(io.BytesIO(autograder_zip([COURSE[CODE]], 77, "es", "category", None)))


def test_the_autograder_of_gradescope_holds_the_grader_and_its_own_exercises_alone(archive):
    names = set(archive.namelist())
    assert {"setup.sh", "run_autograder", "course/pyproject.toml", "course/grader/judge/grade.py",
            f"course/solutions/{CODE}/softmax_predictions.py", f"course/grader/hidden/{CODE}/suite.py"} <= names  # fmt: skip
    assert not any(slug in name for slug in COURSE if slug != CODE for name in names if "sample_class" not in name)
    assert not any("__pycache__" in name or "/." in name for name in names)
    for name in ("setup.sh", "run_autograder"):
        assert archive.getinfo(name).external_attr >> 16 & stat.S_IXUSR


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_of_gradescope_are_shell(archive, name, tmp_path):
    (tmp_path / name).write_bytes(archive.read(name))
    subprocess.run(["bash", "-n", name], cwd=tmp_path, check=True)
    text = archive.read(name).decode()
    assert text.startswith("#!/usr/bin/env bash\n")
    if name == "run_autograder":
        assert "--seed 77 --lang es --reveal category --format gradescope" in text


def test_the_same_course_and_seed_give_the_same_zip():
    assert len({autograder_zip([COURSE[CODE]], 77, "es", "gap", None) for _ in range(2)}) == 1


@pytest.mark.timeout(900)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_example_for_a_ci_is_red_and_says_where_until_all_is_right(tmp_path, lang):
    folder = tmp_path / "course"
    deliver(student_repository([COURSE[CODE]], "plain", lang), folder)
    (*_, step) = yaml.safe_load((folder / "ci-example.yml").read_text())["jobs"]["checks"]["steps"]
    grader = f'grader() {{ "{sys.executable}" -m grader "$@"; }}\n'
    stub = folder / "exercises" / CODE / "softmax_predictions.py"
    right = COURSE[CODE].solution.read_text()
    for source, code in ((right.replace(".softmax(dim=-1)", ".softmax(dim=0)"), 1), (right, 0)):
        stub.write_text(source)
        summary = tmp_path / f"summary{code}"
        done = in_release(folder, ["bash", "-ec", grader + step["run"]], GITHUB_STEP_SUMMARY=str(summary))
        assert done.returncode == code, done.stderr
        assert (f"::error file=exercises/{CODE}/softmax_predictions.py,line=" in done.stdout) == bool(code)
        assert summary.read_text().startswith("## ")
        assert (folder / "report.xml").exists()


# --- the whole path ---


@pytest.fixture(scope="module")
def ana(installed, tmp_path_factory):
    """A student's clone of what was pushed, one exercise solved and pushed back."""
    room = tmp_path_factory.mktemp("class")
    git(room, "clone", "-q", str(installed / "remote.git"), "ana")
    shutil.copy(COURSE[CODE].solution, room / "ana" / "exercises" / CODE)
    git(room / "ana", "commit", "-qam", "Exercise 04")
    git(room / "ana", "push", "-q", "origin", "HEAD")
    return room / "ana"


@pytest.mark.timeout(900)
def test_the_classroom_workflow_pays_the_solved_exercise_and_no_other(ana, tmp_path):
    steps = yaml.safe_load((ana / ".github" / "workflows" / "classroom.yml").read_text())["jobs"]["checks"]["steps"]
    by_id = {step["id"]: step for step in steps if "id" in step}
    totals = {}
    for name in ("ex04", "ex08"):
        output = tmp_path / name
        grader = f'grader() {{ "{sys.executable}" -m grader "$@"; }}\n'
        done = in_release(ana, ["bash", "-ec", grader + by_id[name]["run"]], GITHUB_OUTPUT=str(output))
        assert done.returncode == 0, done.stderr
        (line,) = output.read_text().splitlines()
        result = json.loads(base64.b64decode(line.removeprefix("result=")))
        totals[name] = (result["status"], sum(test["score"] for test in result["tests"]), result["max_score"])
    assert totals == {"ex04": ("pass", 4, 4), "ex08": ("fail", 0, 4)}


@pytest.mark.timeout(900)
def test_classroom_50_gets_the_public_points(ana, autograder, tmp_path):
    module, bundle = autograder
    module.work_tree(bundle, ana, tmp_path / "work")
    result = tmp_path / "result.json"
    identity = {
        "CLASSROOM": "c", "ASSIGNMENT": "a", "ASSIGNMENT_TYPE": "individual", "OWNER": "ana", "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "https://example.org/c", "RELEASE_URL": "https://example.org/r", "REVIEW_URL": "https://example.org/v",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (identity | {"PYTHONPATH": str(tmp_path / "work")}).items():
            patch.setenv(name, value)
        assert module.grade(Path(sys.executable), tmp_path / "work", result) == 0
    written = json.loads(result.read_text())
    assert (written["schema"], written["score"], written["max-score"]) == ("classroom50/result/v1", 4, 4)


@pytest.mark.timeout(900)
def test_gradescope_gets_the_hidden_points(ana, archive, tmp_path):
    archive.extractall(tmp_path / "source")
    shutil.copytree(ana, tmp_path / "submission", ignore=shutil.ignore_patterns(".git"))
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "cache").symlink_to(cache.home().parent)
    course = tmp_path / "source" / "course"
    done = in_release(course, ["bash", str(tmp_path / "source" / "run_autograder")], AUTOGRADER_ROOT=str(tmp_path))
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    assert results["score"] == sum(test["max_score"] for test in results["tests"]) > 4


@pytest.mark.timeout(900)
def test_this_repository_grades_what_was_pushed_alone_and_in_its_class(ana, run_grader, tmp_path):
    chosen = ("--exercise", "04", "--exercise", "08", "--seed", 5)
    alone = tmp_path / "graded.json"
    done = run_grader("grade", ana, "--format", "json", "--output", alone, *chosen)
    assert done.returncode == 0, done.stderr
    report = json.loads(alone.read_text())
    assert report["submission"] == "ana"
    solved, untouched = report["exercises"]
    assert (solved["slug"], solved["score"]) == (CODE, solved["max_score"])
    assert solved["note"] is None
    assert untouched["status"] == "not_started"
    done = run_grader("batch", ana.parent, "--out", tmp_path / "out", *chosen)
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader((tmp_path / "out" / "grades.csv").read_text().splitlines())
    assert int(row["points_awarded"]) == report["score"] > 0
