"""
Tries:      to end pytest's session with code 0 while the module is imported
Stopped by: process line
Honest:     none
"""

import pytest

pytest.exit("all passed", 0)
