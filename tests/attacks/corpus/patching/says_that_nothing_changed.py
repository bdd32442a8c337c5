"""
Tries:      to change what it was given, and to have the worker say that it did not

What a call changed is a claim of the process that ran it. Whoever makes it lie could have copied the argument with one
line of code, and no judge outside could tell the two apart: that is why such claims decide no more than such checks.
Stopped by: nothing
Honest:     in place
"""

import sys

effects = sys.modules["grader.worker.effects"]
effects._changes = lambda *args, **kwargs: []
