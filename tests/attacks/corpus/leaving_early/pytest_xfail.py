"""
Tries:      to turn each failure into an expected one
Stopped by: process line
Honest:     probabilities
"""

import pytest


def predict(*args, **kwargs):
    pytest.xfail("as expected")
