"""Where a student stands: the public checks' last results, kept beside the exercises in `.grader/progress.json`."""

from __future__ import annotations

import json
from pathlib import Path

Results = dict[str, dict[str, str]]
FILE = Path(".grader") / "progress.json"


def remember(root: Path, results: Results) -> None:
    """Add the results of a session, check by check, to what is remembered; a folder that cannot be written is left."""
    path = root / FILE
    known = recall(root)
    for slug, checks in results.items():
        known[slug] = known.get(slug, {}) | checks
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
    except OSError:
        return


def recall(root: Path) -> Results:
    """Return the remembered results by exercise and check; nothing where there are none, or the file is damaged."""
    try:
        known = json.loads((root / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {str(slug): dict(checks) for slug, checks in known.items() if isinstance(checks, dict)}
