"""Fuzzing of what reads the words of strangers: frames of workers, and the folders that students hand in."""
