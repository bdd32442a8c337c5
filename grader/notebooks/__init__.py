"""Notebooks as answers: what is read of one, how its cells are run, and when it counts. Knows no exercise."""
