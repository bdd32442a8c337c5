"""
Tries:      to copy the answer of another student
Stopped by: file system
Honest:     none
"""

from pathlib import Path

import kit

try:
    source = Path(kit.PLACES["victim"], "softmax_predictions.py").read_text()
except OSError:
    pass
else:
    kit.reached("the answer of another student")
    exec(compile(source, "softmax_predictions.py", "exec"), globals())
