"""A class as it lies on an instructor's disk: who is in it, what was handed in, and the files that are written of it.

Nothing here grades, and nothing is sent anywhere.
"""
