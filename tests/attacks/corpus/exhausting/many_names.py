"""
Tries:      to fill the file system with files that hold nothing
Stopped by: bounded folder
Honest:     probabilities
"""

import kit

for number in range(20_000):
    open(str(number), "w").close()
kit.reached("20,000 files")


def predict(*args, **kwargs):
    return []
