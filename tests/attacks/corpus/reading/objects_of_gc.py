"""
Tries:      to find hidden checks, references and inputs of other calls among all objects of the process
Stopped by: process line
Honest:     probabilities
"""

import gc

import kit

for thing in gc.get_objects():
    if type(thing) is dict and ("test_labels_of_a_row_compete" in thing or "uneven_logits" in thing):
        kit.reached("a hidden check")
    module = getattr(type(thing), "__module__", None)
    if isinstance(module, str) and module.startswith(("grader.judge", "grader.hidden", "_pytest")):
        kit.reached(f"an object of {module}")
        break


def predict(*args, **kwargs):
    return []
