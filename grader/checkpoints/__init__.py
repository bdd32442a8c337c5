"""Tiny stand-ins for public checkpoints, in an offline hub cache.

`recipe` reads what each checkpoint is, `cache` finds or builds the cache; neither imports torch. `variants` makes
models of the same families in memory. Nothing here knows exercises, students or grades.
"""
