"""Who counts, who is late, missing, double or unknown; and what a clone says of itself."""

import subprocess
from datetime import UTC, datetime, timedelta, timezone

import pytest

from grader.classes import git
from grader.classes.layouts import Entry, Found
from grader.classes.plan import make_plan, read_deadline
from grader.classes.roster import Student

ANA, EVA, LEO = Student("ana", "1"), Student("Eva", "2"), Student("", "3")


def found(*entries):
    return Found(tuple(entries), (), "hw")


def plan_of(entries, students=(), deadline=None):
    return make_plan(found(*entries), students, deadline)


def test_students_are_known_by_username_or_identifier_in_any_case():
    plan = plan_of([Entry("ANA", "hw-ANA"), Entry("2", "2"), Entry("zoe", "zoe")], [ANA, EVA, LEO])
    assert [handin.student for handin in plan.handins] == [ANA, EVA, None]
    assert plan.missing == (LEO,)
    assert all(handin.counts for handin in plan.handins)


def test_a_username_comes_before_the_identifier_of_another():
    plan = plan_of([Entry("1", "1")], [Student("x", "1"), Student("1", "y")])
    assert plan.handins[0].student.identifier == "y"


def test_of_two_submissions_of_one_student_the_last_one_counts(tmp_path, commit):
    folders = []
    for name, when in (("hw-ana", "2026-11-20T10:00:00Z"), ("hw-ana-again", "2026-11-21T10:00:00Z")):
        (tmp_path / name).mkdir()
        folders.append(commit(tmp_path / name, when))
    entries = [Entry("ana", "hw-ana", folders[0]), Entry("Ana", "hw-ana-again", folders[1]), Entry("1", "1.py")]
    for order in (entries, entries[::-1]):
        plan = plan_of(order, [ANA])
        assert [handin.entry.name for handin in plan.handins if handin.counts] == ["hw-ana-again"]


def test_without_times_the_first_one_counts_and_none_is_dropped():
    plan = plan_of([Entry("ana", "a"), Entry("ANA", "b")])
    assert [handin.counts for handin in plan.handins] == [True, False]


def test_late_is_what_was_committed_after_the_deadline(tmp_path, commit):
    commit(tmp_path, "2026-11-20T10:00:00+02:00")
    entries = [Entry("ana", "ana", tmp_path), Entry("eva", "eva.py")]
    for text, late in (
        ("2026-11-20T08:00:00Z", False),
        ("2026-11-20T07:59:59Z", True),
        ("2026-11-20T09:00:00+02:00", True),
    ):
        plan = plan_of(entries, deadline=read_deadline(text))
        assert [handin.late for handin in plan.handins] == [late, False]
        assert plan.handins[0].submitted_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
        assert plan.handins[1].submitted_at is None


def test_a_deadline_is_a_time_or_the_end_of_a_day():
    assert read_deadline("2026-12-01T10:00:00+01:00") == datetime(2026, 12, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    assert read_deadline("2026-12-01").astimezone().strftime("%Y-%m-%d %H:%M:%S") == "2026-12-01 23:59:59"
    assert read_deadline("2026-12-01T10:00").astimezone().strftime("%H:%M") == "10:00"
    for text in ("soon", "2026-13-01", "1.12.2026"):
        with pytest.raises(ValueError, match=r"isoformat|month"):
            read_deadline(text)


@pytest.mark.parametrize(("username", "folder"), [
    ("ana-1", "ana-1"), ("../../etc", "etc"), ("..", "student"), ("", "student"), ("a/b\\c", "a_b_c"), (".git", "git"),
    ("Eva García", "Eva_Garc_a"), ("x" * 300, "x" * 60), ("::error::", "error"), ("\ud800\x00", "student"),
])  # fmt: skip
def test_a_folder_of_results_is_a_plain_name(username, folder):
    assert plan_of([Entry(username, "n")]).handins[0].folder == folder


def test_folders_of_results_differ_on_every_file_system():
    names = [
        handin.folder for handin in plan_of([Entry(n, n) for n in ("ana", "ANA", "a na", "a_na", "ana_2")]).handins
    ]
    assert len({name.lower() for name in names}) == 5


# --- git ---


@pytest.mark.parametrize(("address", "shown"), [
    ("https://x-access-token:secret@git.example/org/hw-ana.git", "https://git.example/org/hw-ana"),
    ("https://git.example/org/hw-ana", "https://git.example/org/hw-ana"),
    ("git@git.example:org/hw-ana.git", ""), ("file:///home/teacher/x", ""), ("javascript:alert(1)", ""), ("https://[", ""),
])  # fmt: skip
def test_an_address_is_shown_without_its_token(tmp_path, commit, address, shown):
    assert git.origin(commit(tmp_path, origin=address)) == shown


def test_what_is_no_clone_has_no_time(tmp_path, commit):
    assert git.committed_at(tmp_path) is None
    assert git.origin(tmp_path) == ""
    inner = tmp_path / "clone" / "plain"
    inner.mkdir(parents=True)
    commit(tmp_path / "clone")
    assert git.committed_at(tmp_path / "clone") is not None
    assert git.committed_at(inner) is None
    (tmp_path / "link").symlink_to(tmp_path / "clone")
    assert git.committed_at(tmp_path / "link") is None
    (inner / ".git").write_text(f"gitdir: {tmp_path}/clone/.git\n")
    assert git.committed_at(inner) is None


def test_a_commit_that_would_inflate_to_much_is_not_asked_for(tmp_path, commit):
    commit(tmp_path)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--allow-empty", "-qF", "-"],
        cwd=tmp_path, input=b"x" * 2 * git.MAX_ANSWER, check=True,
    )  # fmt: skip
    assert git.committed_at(tmp_path) is None


def test_a_clone_starts_no_program_of_its_own(tmp_path, commit):
    commit(tmp_path)
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    settings = {
        "core.fsmonitor": program, "core.pager": program, "gpg.program": program, "log.showSignature": "true",
        "core.sshCommand": program, "alias.cat-file": f"!{program}", "core.hooksPath": tmp_path, "diff.external": program,
        "remote.origin.url": f"ext::{program}", "remote.origin.promisor": "true", "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1", "protocol.allow": "always", "protocol.ext.allow": "always",
    }  # fmt: skip
    for name, value in settings.items():
        subprocess.run(["git", "config", name, str(value)], cwd=tmp_path, check=True)
    assert git.committed_at(tmp_path) is not None
    head = next(p for p in (tmp_path / ".git" / "objects").rglob("*") if p.is_file())
    for path in (tmp_path / ".git" / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    assert head.suffix == ""
    assert git.committed_at(tmp_path) is None
    assert not mark.exists()
