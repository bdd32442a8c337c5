"""Builds: the same bytes each time, nothing half-built, and errors that say what to do next."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.checkpoints import cache, recipe

ROOT = Path(recipe.__file__).parents[2]


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for caches, with a package whose build takes no time beside it."""
    monkeypatch.setenv(cache.OVERRIDE, str(tmp_path / "caches"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "quick").mkdir()
    (tmp_path / "quick" / "__init__.py").touch()
    return tmp_path / "caches"


@pytest.fixture
def quick_build(root: Path, monkeypatch: pytest.MonkeyPatch):
    """Let `ensure` run these lines of Python instead of the build, with `target` set."""

    def use(*lines: str) -> None:
        code = ["import sys, pathlib", "target = pathlib.Path(sys.argv[1])", *lines]
        (root.parent / "quick" / "build.py").write_text("\n".join(code) + "\n")
        monkeypatch.setattr(cache, "PACKAGE", "quick")

    return use


def test_a_build_with_other_threads_and_instructions_has_the_same_bytes(built, tmp_path):
    settings = {"ATEN_CPU_CAPABILITY": "default", "OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    subprocess.run(
        [sys.executable, "-m", "grader.checkpoints.build", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    assert hashes(tmp_path / "hub") == hashes(built / "hub")


def ensure_elsewhere() -> subprocess.Popen[str]:
    """Start `ensure` of the quick package in a process group of its own; it prints its progress and "done"."""
    code = (
        "from grader.checkpoints import cache; cache.PACKAGE = 'quick'; cache.ensure(lambda *s: print(s, flush=True))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", f"{code}; print('done')"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_killed_build_leaves_no_cache_and_the_next_one_works(root, quick_build):
    quick_build("(target / 'file').write_text('half')", "print('1 2 gpt2', flush=True)", "sys.stdin.read()")
    with ensure_elsewhere() as killed:
        assert killed.stdout
        assert "gpt2" in killed.stdout.readline()
        os.killpg(killed.pid, signal.SIGKILL)
    assert len(list(root.glob("*/file"))) == 1
    assert not cache.is_built()
    assert not cache.home().exists()

    quick_build("(target / 'file').write_text('whole')")
    assert (cache.ensure() / "file").read_text() == "whole"


def test_two_builds_at_once_both_succeed_and_leave_one_cache(root, quick_build):
    quick_build(
        "import time",
        "(target / 'file').write_text('whole')",
        "while len(list(target.parent.glob('*/file'))) < 2: time.sleep(0.01)",
        "print('1 1 gpt2')",
    )
    with ensure_elsewhere() as one, ensure_elsewhere() as other:
        said = [one.communicate()[0], other.communicate()[0]]
    assert said == ["('gpt2', 1, 1)\ndone\n"] * 2
    assert list(root.iterdir()) == [cache.home()]
    assert cache.is_built()


def test_a_cache_that_is_there_is_not_built_again(quick_build):
    quick_build("(target / 'file').write_text('whole')")
    made = cache.ensure()
    quick_build("sys.exit('built twice')")
    assert cache.ensure() == made == cache.home()


def test_progress_tells_name_and_count(quick_build):
    quick_build("print('1 2 dslim/bert-base-NER')", "print('2 2 gpt2')")
    steps: list[tuple[str, int, int]] = []
    cache.ensure(lambda *step: steps.append(step))
    assert steps == [("dslim/bert-base-NER", 1, 2), ("gpt2", 2, 2)]


def test_an_interrupted_build_is_ended_and_leaves_nothing(root, quick_build):
    quick_build("import time", "print('1 2 gpt2', flush=True)", "time.sleep(600)")

    def interrupt(*_step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.ensure(interrupt)
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("cut")], ids=["lost", "cut short"])
def test_a_damaged_cache_is_built_again(root, quick_build, damage):
    quick_build("(target / 'file').write_text('whole')")
    damage(cache.ensure() / "file")
    assert not cache.is_built()
    assert (cache.ensure() / "file").read_text() == "whole"
    assert list(root.iterdir()) == [cache.home()]


def test_a_name_that_leads_to_a_real_model_leads_to_its_twin_again(quick_build):
    quick_build(
        "model = target / 'hub' / 'models--gpt2'",
        "(model / 'refs').mkdir(parents=True); (model / 'refs' / 'main').write_text('a' * 40)",
        "(model / 'snapshots' / ('a' * 40)).mkdir(parents=True)",
    )
    model = cache.ensure() / "hub" / "models--gpt2"
    (model / "refs" / "main").write_text("b" * 40)
    (model / "snapshots" / ("b" * 40)).mkdir()
    assert not cache.is_built()
    cache.ensure()
    assert cache.is_built()
    assert (model / "refs" / "main").read_text() == "a" * 40
    assert (model / "snapshots" / ("b" * 40)).exists()


def test_leftovers_of_killed_builds_are_swept_after_a_day_and_not_before(root, quick_build):
    quick_build("(target / 'file').write_text('whole')")
    old, young = root / f"{cache.BUILDING}old", root / f"{cache.BUILDING}young"
    for folder in (old, young):
        (folder / "hub").mkdir(parents=True)
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    cache.ensure()
    assert (old.exists(), young.exists()) == (False, True)


def test_a_failed_build_is_told_by_its_last_line_and_leaves_nothing(root, quick_build):
    quick_build("print('noise', file=sys.stderr)", "raise ValueError('the seventh tensor is missing')")
    with pytest.raises(cache.CheckpointError, match=r"the seventh tensor is missing.*-m quick\.build FOLDER"):
        cache.ensure()
    assert list(root.iterdir()) == []


def test_a_full_disk_is_named_with_what_to_do(quick_build):
    quick_build("raise OSError(28, 'No space left on device')")
    with pytest.raises(cache.CheckpointError, match=r"is full; free 20 MB there, or set GRADER_CACHE"):
        cache.ensure()


def test_a_place_that_cannot_be_written_is_named_with_what_to_do(root, monkeypatch):
    root.write_text("a file where the folder should be")
    with pytest.raises(cache.CheckpointError, match=r"cannot write .*caches.* set GRADER_CACHE to a folder"):
        cache.ensure()
    monkeypatch.setenv(cache.OVERRIDE, str(root / "below"))
    with pytest.raises(cache.CheckpointError, match="set GRADER_CACHE to a folder"):
        cache.ensure()


def test_a_module_that_lies_where_a_student_stands_is_not_imported(quick_build, tmp_path, monkeypatch):
    quick_build("import random", "(target / 'file').write_text(random.__file__)")
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "random.py").write_text("raise SystemExit('the student was imported')")
    monkeypatch.chdir(tmp_path / "student")
    assert "student" not in (cache.ensure() / "file").read_text()


def test_the_listing_tells_what_each_is_and_how_large(built):
    rows = {row.name: row for row in cache.rows()}
    assert set(rows) == set(recipe.load_recipes())
    assert rows["gpt2"].kind == "GPT2LMHeadModel"
    assert all(row.path and row.path.is_relative_to(built) for row in rows.values())
    assert sum(row.size for row in rows.values()) < 12_000_000


def test_the_listing_works_before_the_first_build(root):
    assert all(row.size == 0 and row.path is None for row in cache.rows())
    assert not root.exists()
