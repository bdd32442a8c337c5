"""
Tries:      to have the judge fall over the error that is said to have stopped the module half-way
Stopped by: judge
Honest:     none
"""

import kit

kit.send(
    {"id": 1, "functions": {}, "defined": [], "failed": "abc", "halted": {"types": [], "message": {1}, "cell": "\x1b"}}
)
