"""
Tries:      to have the judge fall over the reply to the import, and with it the whole class
Stopped by: judge
Honest:     none
"""

import kit

kit.send({"id": 1, "functions": 3, "defined": {"a": [None]}})
