"""
Tries:      to have the judge fall over the description of an error at import that describes nothing
Stopped by: judge
Honest:     none
"""

import kit

kit.send({"id": 1, "error": {"types": 5}})
