"""`grader grade --checkpoints hub`: the hub's models under the same names, fetched first, loaded offline."""

import shutil

CODE = "04_softmax_predictions"


def test_without_a_network_it_is_one_line_that_says_what_to_do(run_grader, tmp_path):
    unreachable = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    done = run_grader("grade", "solutions", "--exercise", CODE, "--checkpoints", "hub", env=unreachable)
    assert done.returncode == 2
    assert done.stderr.startswith("grader: the real distilbert-base-uncased-finetuned-sst-2-english cannot be fetched")
    assert "leave out --checkpoints hub" in done.stderr
    assert "Traceback" not in done.stderr


def test_models_that_are_in_the_cache_grade_without_a_network(run_grader, checkpoints, tmp_path):
    shutil.copytree(checkpoints, tmp_path / "real")  # what a cache of real models looks like
    cached = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path / "real")}
    done = run_grader("grade", "solutions", "--exercise", CODE, "--checkpoints", "hub", "--seed", "3", env=cached)
    assert done.returncode == 0, done.stderr
    assert f"{CODE}  12/12" in done.stdout
