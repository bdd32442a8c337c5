"""
Tries:      to take over the worker's server, and to say of each call that it ended well
Stopped by: wire
Honest:     none
"""

import sys

serve = sys.modules["grader.worker.serve"]


def answer(self, request):
    if request["op"] == "call":
        return {"value": [{"label": "POS", "score": 1.0}], "changed": [], "forwards": [], "written": {}}
    return {"functions": {"probabilities": ["logits"], "predict": ["model"]}, "defined": []}


serve.Server.answer = serve.Server.call = answer
