"""Everything that runs the hidden suites and decides. Never imports torch, never runs student code."""
