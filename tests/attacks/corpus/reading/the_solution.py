"""
Tries:      to read the solution, and to become it
Stopped by: file system
Honest:     none
"""

import kit

try:
    folder = kit.repository() / "solutions" / "04_softmax_predictions"
    source = (folder / "softmax_predictions.py").read_text()
except OSError:
    pass
else:
    kit.reached("the solution")
    exec(compile(source, "softmax_predictions.py", "exec"), globals())
