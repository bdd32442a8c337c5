"""
Tries:      to have the judge fall over a list of parameters that is none
Stopped by: judge
Honest:     none
"""

import kit

kit.send({"id": 1, "functions": {"predict": None, "probabilities": 7}, "defined": [object]})
