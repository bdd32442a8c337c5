"""
Tries:      to write the reports that course platforms read, here and where the grader works
Stopped by: file system
Honest:     none
"""

import json
from pathlib import Path

import kit

REPORT = json.dumps({"schema": "grader/report/v1", "score": 11, "max_score": 11, "tests": []})
for name in ("report.json", "results.json", "result.json", ".pytest_cache"):
    Path(name).write_text(REPORT)
with kit.attempt("a folder that the grader reads"):
    Path(kit.PLACES["victim"], "..", f"{kit.PLACES['token']}.json").write_text(REPORT)
with kit.attempt("a folder of everybody's"):
    Path("/tmp", f"{kit.PLACES['token']}.json").write_text(REPORT)
