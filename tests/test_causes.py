"""The causes of usual errors that no golden line can show everywhere: they depend on the machine and its isolation."""

import string

import pytest

from grader.judge.causes import CAUSES, cause, tidy

EXERCISE = "04_softmax_predictions"


def english(course, types, message, line=None, source=""):
    found = cause(course[EXERCISE], course[EXERCISE].file, {"types": types, "message": message, "line": line}, source)
    return found and found[0]["en"]


@pytest.mark.parametrize(
    ("types", "message", "start"),
    [
        (["PermissionError", "OSError"], "[Errno 13] Permission denied: '/home/ana/notes.txt'",
         "/home/ana/notes.txt is out of reach while your work is graded."),
        (["OSError"], "[Errno 30] Read-only file system: '/out.txt'", "/out.txt is out of reach"),
        (["URLError", "OSError"], "<urlopen error [Errno -3] Temporary failure in name resolution>",
         "there is no network while your work is graded. Of models, these can be loaded: distilbert-base-uncased"),
        (["OSError"], "We couldn't connect to 'https://huggingface.co' to load the files", "this model is not here"),
        (["RuntimeError"], "Found no NVIDIA driver on your system.", "it asks for a GPU, and there is none here."),
        (["ImportError"], "cannot import name 'pi' from 'maths' (/x/maths.py)", "maths has no pi."),
        (["ImportError"], "cannot import name 'f' from 'softmax_predictions' (/x/y.py)", "the file imports f from itself."),
    ],
)  # fmt: skip
def test_a_usual_error_is_told_by_its_cause(course, types, message, start):
    assert english(course, types, message).startswith(start)


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (["ValueError"], "no such label"),
        (["OSError"], "[Errno 28] No space left on device"),
        (["FileNotFoundError", "OSError"], "[Errno 2] No such file or directory: '/t/grader-x/workers/3/m/config.json'"),
        (["TypeError"], "unhashable type: 'list'"),
        (["TypeError"], "max() received an invalid combination of arguments"),
    ],
)  # fmt: skip
def test_an_error_without_proof_of_its_cause_is_told_as_it_is(course, types, message):
    assert english(course, types, message) is None


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("    done = subprocess.run(['ls'])", "no other process can be started while your work is graded (PermissionError: "),
        ("    with multiprocessing.Pool(2) as pool:", "no other process can be started"),
        ("    os.system('ls')", "no other process can be started"),
        ("    huggingface_hub.login()", "there is no network while your work is graded (PermissionError: "),
        ("    for batch in loader:  # num_workers=2", "num_workers=2 starts other processes"),
        ("    os.nice(-5)", "this is shut while your work is graded (PermissionError: [Errno 1] Operation not permitted): "),
    ],
)  # fmt: skip
def test_what_the_kernel_refuses_is_told_by_the_line_that_asked_for_it(course, line, start):
    assert english(course, ["PermissionError", "OSError"], "[Errno 1] Operation not permitted", 1, line).startswith(
        start
    )


@pytest.mark.parametrize("error", ["InductorError", "BackendCompilerFailed"])
def test_a_compiler_that_cannot_work_here_is_named(course, error):
    message = "PermissionError: [Errno 13] Permission denied: '/tmp/grader-fap_kbyo/home/torchinductor_student/ks'"
    assert english(course, [error, "RuntimeError"], message).startswith("torch.compile has to build a program")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("no such file: '/tmp/grader-fap_kbyo/home/x/ks'", "no such file: 'x/ks'"),
        ("no such file: '/tmp/grader-fap_kbyo/workers/2/my_model'", "no such file: 'my_model'"),
        ("no name (/opt/v/lib/python3.11/site-packages/torch/a.py)", "no name (torch/a.py)"),
        ("no name (/usr/lib/python3.11/json/a.py)", "no name (json/a.py)"),
        ("'/home/ana/.cache/x/hub/models--gpt2/a.json' is none", "'models--gpt2/a.json' is none"),
        ("'/content/drive/a.json' is none", "'/content/drive/a.json' is none"),
    ],
)
def test_no_folder_of_the_machine_stands_in_a_message(message, told):
    assert tidy(message) == told


def test_a_line_that_the_file_does_not_have_names_no_cause_by_it(course):
    assert "Python cannot read this" in english(course, ["SyntaxError"], "invalid syntax", 99, "!pip install x\n")


def test_an_error_without_text_leaves_no_blank_where_the_text_would_stand():
    assert tidy("") == "—"
    assert tidy("no such label.") == "no such label"


def test_both_languages_of_a_cause_say_the_same_things():
    for one in CAUSES:
        english, spanish = (
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (one.en, one.es)
        )
        assert english == spanish
