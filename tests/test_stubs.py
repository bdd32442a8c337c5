"""Cutting the stub out of a solution."""

from pathlib import Path

import pytest

from grader.authoring.stubs import stub_of
from grader.catalogue import CourseError

HERE = Path("solution.py")


def test_each_step_gives_way_to_an_error_with_its_number():
    source = "def f(x):\n    # TODO 1: a.\n    y = x\n    # TODO 2: b.\n    return y\n"
    expected = (
        'def f(x):\n    # TODO 1: a.\n    raise NotImplementedError("TODO 1")\n'
        '    # TODO 2: b.\n    raise NotImplementedError("TODO 2")\n'
    )
    assert stub_of(source, HERE) == expected


def test_comment_lines_that_go_on_belong_to_the_step():
    source = "def f(x):\n    # TODO 1: a,\n    #   and more.\n    # a reason of the solution's own\n    return x\n"
    assert (
        stub_of(source, HERE)
        == 'def f(x):\n    # TODO 1: a,\n    #   and more.\n    raise NotImplementedError("TODO 1")\n'
    )


def test_a_step_ends_where_the_indentation_does():
    source = "def f(x):\n    for y in x:\n        # TODO 1: a.\n        if y:\n            y()\n\n    return x\n\n\ndef g():\n    pass\n"
    stub = stub_of(source, HERE)
    assert stub.splitlines()[3:] == [
        '        raise NotImplementedError("TODO 1")',
        "",
        "    return x",
        "",
        "",
        "def g():",
        "    pass",
    ]


def test_a_step_ends_where_given_code_begins():
    source = (
        "def f(x):\n    # TODO 1: a.\n    x += 1\n    # GIVEN\n    for y in x:\n        # TODO 2: b.\n        y()\n"
    )
    assert stub_of(source, HERE).splitlines()[1:] == [
        "    # TODO 1: a.", '    raise NotImplementedError("TODO 1")', "    for y in x:", "        # TODO 2: b.",
        '        raise NotImplementedError("TODO 2")',
    ]  # fmt: skip


def test_the_stub_can_be_compiled_and_keeps_docstrings():
    source = 'def f(x):\n    """Doc."""\n    # TODO 1: a.\n    return x\n'
    namespace: dict = {}
    exec(compile(stub_of(source, HERE), "stub", "exec"), namespace)
    assert namespace["f"].__doc__ == "Doc."
    with pytest.raises(NotImplementedError, match="TODO 1"):
        namespace["f"](1)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x):\n    # TODO 2: a.\n    return x\n", "TODO 2 comes where TODO 1 is due"),
        ("def f(x):\n    # TODO 1: a.\n    # TODO 2: b.\n    return x\n", "TODO 1 has no solution below it"),
    ],
)
def test_a_step_out_of_order_or_without_solution_is_an_error_with_its_line(source, message):
    with pytest.raises(CourseError, match=message) as caught:
        stub_of(source, HERE)
    assert str(caught.value).startswith("solution.py:")
