"""Notebooks: what is read of one, what of it counts, and the ones that the course makes."""

import ast
import copy
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.authoring.notebooks import notebook_of, parts
from grader.authoring.stubs import stub_of
from grader.batch import grade_submissions
from grader.catalogue import load_course
from grader.judge.workers import Limits
from grader.notebooks.reading import NotebookError, read_notebook, without_magics
from grader.notebooks.running import run_cells
from grader.submission import read_submission

CODE = "04_softmax_predictions"
SAMPLE = ("04", "08", "12", "17", "24")
COURSE = load_course()


def written(*sources):
    return nbformat.writes(new_notebook(cells=[new_code_cell(source) for source in sources]))


# --- what is read ---


def test_code_cells_are_read_in_order_and_numbered_as_jupyter_does():
    cells = [new_markdown_cell("# a"), new_code_cell("a = 1"), new_code_cell("  \n"), new_code_cell("b = 2\nc = 3")]
    read = read_notebook(nbformat.writes(new_notebook(cells=cells)).encode(), "a.ipynb")
    assert [(cell.number, cell.source) for cell in read.cells] == [(1, "a = 1"), (2, "b = 2\nc = 3")]


def test_format_3_is_read_like_format_4():
    new = nbformat.v4.new_notebook(cells=[new_markdown_cell("# a"), new_code_cell("a = 1"), new_code_cell("b = 2")])
    old = nbformat.writes(nbformat.convert(new, 3), version=3)
    assert '"worksheets"' in old
    assert [cell.source for cell in read_notebook(old.encode(), "a.ipynb").cells] == ["a = 1", "b = 2"]


def test_outputs_and_metadata_that_break_the_format_cost_nothing():
    tree = json.loads(written("a = 1"))
    tree["cells"][0] |= {"outputs": "nonsense", "metadata": 3, "id": None}
    tree["metadata"] = []
    assert read_notebook(json.dumps(tree).encode(), "a.ipynb").source == "a = 1"


def test_the_cells_around_an_exercise_are_left_out_and_everything_else_is_kept(course):
    exercise = course[CODE]
    read = read_notebook(notebook_of(exercise).encode(), "a.ipynb")
    assert "grader" not in read.source
    assert ast.dump(ast.parse(read.source)) == ast.dump(ast.parse(exercise.stub.read_text().partition("\n")[2]))


@pytest.mark.parametrize(
    ("source", "python", "left_out"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1", ["%matplotlib inline"]),
        ("!pip install a \\\n  b\nx = 1", "pass\n  pass\nx = 1", ["!pip install a \\"]),
        ("if x:\n    !ls\ny = 2", "if x:\n    pass\ny = 2", ["!ls"]),
        ("files = !ls\nx = %sql a", "pass\npass", ["files = !ls", "x = %sql a"]),
        ("?print\nprint?\ntorch.nn??\nx = 1", "pass\npass\npass\nx = 1", ["?print", "print?", "torch.nn??"]),
        ("%%time\ndef f():\n    return 1", "\ndef f():\n    return 1", ["%%time"]),
        ("%%bash\nrm -rf /", "", ["%%bash"]),
        ("%time x = f()", "x = f()", []),
        ("x = (7\n% 4)\ny = x", "x = (7\n% 4)\ny = x", []),
        ('s = """\n%d items\n!"""\nx = 1', 's = """\n%d items\n!"""\nx = 1', []),
        ("s = '\\'('\n%ls\n# (\n!ls", "s = '\\'('\npass\n# (\npass", ["%ls", "!ls"]),
        ("x = 7 \\\n% 4", "x = 7 \\\n% 4", []),
        ("x %= 3\ny = x != 2\nprint('why?')", "x %= 3\ny = x != 2\nprint('why?')", []),
    ],
)
def test_lines_that_are_not_python_are_blanked_and_no_others(source, python, left_out):
    assert without_magics(source) == (python, left_out)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.ipynb is not a whole notebook: line 1 of the file (about cell 1) is no JSON; save it again in Jupyter."),
        (b"\xff\xfe", "a.ipynb is not a notebook; save it again in Jupyter."),
        (b"[1, 2]", "a.ipynb is not a notebook; save it again in Jupyter."),
        (b"[" * 200_000, "a.ipynb is not a notebook; save it again in Jupyter."),
        (b'{"nbformat": 2}', "a.ipynb is a notebook of format 2; open it in Jupyter and save it as format 4."),
        (b'{"nbformat": ' + b"9" * 4000 + b"}", "a.ipynb is not a notebook; save it again in Jupyter."),
        (b'{"nbformat": 4}', "a.ipynb has no list of cells; save it again in Jupyter."),
        (b'{"nbformat": 4, "cells": [3]}', "a.ipynb, cell 1: it has no source text; save the notebook again in Jupyter."),
        (b'{"nbformat": 3, "worksheets": [3]}', "a.ipynb has no list of cells; save it again in Jupyter."),
        (b'{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "R"}}}',
         "a.ipynb is a notebook of another language; choose a Python kernel."),
        (written("a = 1", "b = 2").encode().replace(b'"b = 2"', b'{"b": 2}'),
         "a.ipynb, cell 2: it has no source text; save the notebook again in Jupyter."),
        (written("a = 1", "b = 2").encode()[:-60], None),
        (written("a = 1", "b = 2").replace('"b = 2"', '\n<<<<<<< HEAD\n"b = 2"\n=======').encode(), None),
        (written("x = 1\n" * 200_000).encode(), "a.ipynb, cell 1: the code up to here has more than 900 kB."),
        (written(*["x = 1"] * 1001).encode(), "a.ipynb, cell 1001: the code up to here has more than 1000 cells."),
        (written("x = 1", "y").encode().replace(b'"y"', rb'"\ud800"'),
         "a.ipynb, cell 2: it has no source text; save the notebook again in Jupyter."),
        (b'{"cells": [' + b"[]," * 2_500_000 + b"0]}",
         "a.ipynb holds more than 4 million values: clear its outputs and save it."),
        (b" " * (33 * 2**20), "a.ipynb has 33 MiB; the limit is 32 MiB: clear its outputs and save it."),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_is_no_notebook_is_one_line_that_names_the_cell(data, message):
    with pytest.raises(NotebookError) as caught:
        read_notebook(data, "a.ipynb")
    told = caught.value.texts
    assert message is None or told["en"] == message
    assert message is not None or "(about cell 2)" in told["en"]
    assert told["es"] != told["en"]
    assert "\n" not in told["en"] + told["es"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["cells", "cell_type", "source", "input", "worksheets", "metadata", "language_info", "name", "nbformat"]), inner),
    max_leaves=30,
)  # fmt: skip
CELLS = st.lists(
    st.fixed_dictionaries({"cell_type": st.sampled_from(["code", "markdown", 3]), "source": JSON, "input": JSON})
)


@given(
    data=st.binary()
    | JSON.map(lambda tree: json.dumps(tree).encode())
    | st.tuples(st.sampled_from([3, 4]), CELLS, JSON).map(
        lambda parts: json.dumps(
            {"nbformat": parts[0], "cells": parts[1], "worksheets": [{"cells": parts[1]}], "metadata": parts[2]}
        ).encode()
    )
)
def test_whatever_a_file_holds_it_is_a_notebook_or_one_line(data):
    try:
        told = [cell.source for cell in read_notebook(data, "a.ipynb").cells]
    except NotebookError as error:
        told = list(error.texts.values())
        lines = "".join(told).count("\n")
    else:
        lines = 0
    assert lines == 0
    assert all(text.encode("utf-8") for text in told if text)


@given(st.text(alphabet="a=(){}[]'\"\\#%!?\n ", max_size=60).filter(str.strip))
def test_blanking_keeps_every_line_in_its_place(source):
    python, _ = without_magics(source)
    assert python == "" or python.count("\n") == source.count("\n")


def test_a_statement_fails_alone_and_a_cell_that_is_not_python_as_a_whole():
    namespace = {"__name__": "m"}
    cells = [(1, "a = 1\nnowhere()\nb = 2"), (2, "c = (\n"), (3, "raise SystemExit"), (4, "d = 4")]
    failed = run_cells(cells, "m.ipynb", namespace)
    assert [(number, type(error)) for number, error in failed] == [(1, NameError), (2, SyntaxError), (3, SystemExit)]
    assert {name: namespace[name] for name in "abd"} == {"a": 1, "b": 2, "d": 4}


def test_a_future_import_holds_for_the_cells_below():
    namespace = {"__name__": "m"}
    assert run_cells([(1, "from __future__ import annotations"), (2, "def f(x: Unknown): ...")], "m", namespace) == []
    assert namespace["f"].__annotations__ == {"x": "Unknown"}


# --- what counts, and what it earns ---

MESSY = (
    "%matplotlib inline\n!pip install seaborn\nimport matplotlib_of_tomorrow as plt",
    "{imports}",
    "{probabilities}\nplt.plot([1, 2])\nprint(probabilities(torch.zeros(1, 2)))",
    "predict?",
    "{predict}\nlabels = predict(None, None, ['a'])",
    "display(labels)\nexit()",
)


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """Notebooks and modules of one exercise, each in a folder of its own, graded as one class."""
    exercise = course[CODE]
    source = dict(parts(exercise.solution.read_text()))
    right = written(*source.values())
    stub = exercise.stub.read_text()
    wrong = source | {
        "probabilities": source["probabilities"].replace(
            "    if multi_label", "    raise KeyError(3)\n    if multi_label"
        )
    }
    broken = source | {"predict": source["predict"] + "\n    )"}
    module, notebook = exercise.file, exercise.notebook
    handed = {
        "right notebook": {notebook: right},
        "old notebook": {notebook: nbformat.writes(nbformat.convert(nbformat.reads(right, 4), 3), version=3)},
        "messy notebook": {notebook: written(*(cell.format(**source) for cell in MESSY))},
        "one cell broken": {notebook: written(*broken.values())},
        "one function fails": {notebook: written(*wrong.values())},
        "loops outside": {notebook: written(*source.values(), "while True:\n    pass")},
        "ends the process": {notebook: written("import os\nos._exit(0)", *source.values())},
        "no JSON": {notebook: "{"},
        "nothing in it": {notebook: written()},
        "untouched both": {module: stub, notebook: notebook_of(exercise)},
        "module untouched": {module: stub, notebook: right},
        "notebook untouched": {module: exercise.solution.read_text(), notebook: notebook_of(exercise)},
        "both written": {module: exercise.solution.read_text(), notebook: written(*wrong.values())},
        "module untouched, notebook no JSON": {module: stub, notebook: "{"},
        "module untouched, notebook empty": {module: stub, notebook: written()},
    }  # fmt: skip
    submissions = []
    for name, files in handed.items():
        folder = tmp_path_factory.mktemp("class") / name / CODE
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text)
        submissions.append(read_submission(folder.parent, [exercise]))
    reports = grade_submissions(submissions, [exercise], seed=3, limits=Limits(import_s=3, call_s=2))
    return {report.submission: report.exercises[0] for report in reports}


@pytest.mark.parametrize("name", [
    "right notebook", "old notebook", "messy notebook", "loops outside", "ends the process", "module untouched",
    "notebook untouched", "both written",
])  # fmt: skip
def test_right_functions_earn_everything_whatever_stands_around_them(graded, name):
    assert graded[name].status == "graded"
    assert graded[name].score == graded[name].max_score


@pytest.mark.parametrize(
    ("name", "english", "spanish"),
    [
        ("right notebook", None, None),
        ("untouched both", None, None),
        ("notebook untouched", None, None),
        ("messy notebook",
         "Ignored, as no Python: %matplotlib inline (cell 1), !pip install seaborn (cell 1), predict? (cell 4). "
         "Failed by itself: cell 1, line 3: ModuleNotFoundError: No module named 'matplotlib_of_tomorrow'; "
         "cell 3, line 16: NameError: name 'plt' is not defined; "
         "cell 5, line 24: AttributeError: 'NoneType' object has no attribute 'eval'; +2.",
         "Ignorado, porque no es Python: %matplotlib inline (celda 1), "),
        ("one cell broken", "Failed by itself: cell 3, line 40: SyntaxError: unmatched ')'.", "Falló por sí solo: celda 3"),
        ("loops outside", "Running all cells did not end, so only imports, definitions and assignments were run.",
         "Ejecutar todas las celdas no terminó"),
        ("ends the process", "Running all cells did not end, so only imports, definitions and assignments were run.",
         "Ejecutar todas las celdas no terminó"),
        ("module untouched", "softmax_predictions.ipynb counts: no step is written in softmax_predictions.py.",
         "Cuenta softmax_predictions.ipynb: en softmax_predictions.py no hay ningún paso escrito."),
        ("both written", "softmax_predictions.py counts, because a step is written in it; softmax_predictions.ipynb was "
         "not graded.", "Cuenta softmax_predictions.py"),
    ],
)  # fmt: skip
def test_the_note_says_which_file_counts_and_what_did_not_run(graded, name, english, spanish):
    note = graded[name].note
    if english is None:
        assert note is None
        return
    assert note["en"] == english
    assert note["es"].startswith(spanish)


def test_a_cell_that_is_not_python_costs_its_own_functions(graded):
    result = graded["one cell broken"]
    assert 0 < result.score < result.max_score
    messages = {check.message["en"] for check in result.checks if check.status == "failed"}
    assert messages == {"softmax_predictions.ipynb does not define predict."}


def test_an_error_inside_a_function_names_cell_and_line(graded):
    messages = [check.message for check in graded["one function fails"].checks if check.status == "failed"]
    lines = dict(parts(COURSE[CODE].solution.read_text()))["probabilities"].split("\n")
    line = lines.index("    if multi_label:") + 1
    expected = {f"It raised KeyError (softmax_predictions.ipynb, cell 2, line {line}).\nmessage: 3"}
    assert expected == {message["en"] for message in messages}
    assert all(f"(softmax_predictions.ipynb, celda 2, línea {line})" in message["es"] for message in messages)


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        (
            "no JSON",
            "unreadable",
            "softmax_predictions.ipynb is not a whole notebook: line 1 of the file (about cell 1)",
        ),
        ("module untouched, notebook no JSON", "unreadable", "softmax_predictions.ipynb is not a whole notebook"),
        ("nothing in it", "missing", "softmax_predictions.ipynb has no code."),
        ("untouched both", "not_started", None),
        ("module untouched, notebook empty", "not_started", None),
    ],
)
def test_what_earns_nothing_says_why(graded, name, status, message):
    result = graded[name]
    assert (result.status, result.score) == (status, 0)
    assert result.message is None if message is None else result.message["en"].startswith(message)


def test_one_notebook_is_graded_by_its_path(run_grader, course, tmp_path):
    exercise = course[CODE]
    path = tmp_path / exercise.notebook
    path.write_text(written("!ls", exercise.solution.read_text()))
    done = run_grader("grade", path, "--seed", 3)
    assert done.returncode == 0, done.stderr
    assert "04_softmax_predictions  12/12" in done.stdout
    assert "Ignored, as no Python: !ls (cell 1)." in done.stdout


# --- the ones that the course makes ---


@pytest.mark.parametrize("exercise", COURSE.values(), ids=list(COURSE))
def test_the_notebook_is_what_the_solution_gives(exercise):
    text = (exercise.stub.parent / exercise.notebook).read_text()
    assert text == notebook_of(exercise), "run: grader sync"
    read = read_notebook(text.encode(), exercise.notebook)
    stub = ast.parse(stub_of(exercise.solution.read_text(), exercise.solution))
    assert [ast.dump(node) for node in ast.parse(read.source).body] == [ast.dump(node) for node in stub.body[1:]]


@pytest.fixture(scope="module")
def executed():
    """Every notebook, and a sample with the solutions filled in, run top to bottom in one kernel that is emptied between."""
    whole = new_notebook()
    for exercise in COURSE.values():
        one = nbformat.read(exercise.stub.parent / exercise.notebook, 4)
        solved = dict(parts(exercise.solution.read_text()))
        for fill in (False, True) if exercise.slug[:2] in SAMPLE else (False,):
            whole.cells.append(new_code_cell("%reset -f"))
            for cell in copy.deepcopy(one.cells):
                if fill and cell.id.startswith("code-"):
                    cell.source = solved[cell.id.removeprefix("code-")]
                cell.metadata["of"] = [exercise.slug, fill]
                cell.id = f"cell-{len(whole.cells)}"
                whole.cells.append(cell)
    NotebookClient(whole, timeout=120, kernel_name="python3").execute()
    shown = {}
    for cell in whole.cells:
        if "of" in cell.metadata and cell.cell_type == "code":
            text = "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")
            shown[tuple(cell.metadata["of"])] = shown.get(tuple(cell.metadata["of"]), "") + text
    return shown


@pytest.mark.timeout(900)
def test_every_notebook_runs_top_to_bottom_and_its_checks_speak(executed):
    for (slug, filled), shown in executed.items():
        first, *lines = shown.strip().splitlines()
        marks = [line.split()[0] for line in lines if line.startswith("  ") and line[2] in "✓✗–"]
        assert first.startswith(f"{slug[:2]} · {COURSE[slug].title['en']}: ")
        assert f"{len(marks) if filled else 0} of {len(marks)} checks pass" in first
        assert set(marks) == {"✓" if filled else "–"}
    assert len(executed) == len(COURSE) + len(SAMPLE)
