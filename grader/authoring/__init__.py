"""For the people who write exercises: stubs from solutions, the proof of the suites, the scaffold of a new exercise."""
