"""
Tries:      to keep the judge busy with names: a hundred thousand functions and parameters, said to be in the module
Stopped by: judge
Honest:     none
"""

import kit

NAMES = [f"predict_{number}" for number in range(45_000)]
kit.send({"id": 1, "functions": {"probabilities": NAMES}, "defined": NAMES, "failed": [], "halted": None})
