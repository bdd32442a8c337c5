"""
Tries:      to answer questions that were not asked yet, with numbers that follow on
Stopped by: wire
Honest:     none
"""

import kit

for number in range(2, 40):
    kit.send({"id": number, "value": [{"label": "POS", "score": 0.9}], "changed": [], "forwards": [], "written": {}})
