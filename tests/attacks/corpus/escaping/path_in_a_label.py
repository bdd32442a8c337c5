"""
Tries:      to have a path of its choice opened or written by the judge: as a label, a checkpoint, a folder
Stopped by: wire
Honest:     probabilities
"""

from pathlib import Path

import kit


class Label(Path):
    def __fspath__(self):
        return f"/tmp/{kit.PLACES['token']}"


def predict(model, tokenizer, texts, threshold=0.5):
    model.config.name_or_path = tokenizer.name_or_path = "../../../../etc"
    return [{"label": Label("../../x"), "score": 0.5} for _ in texts]
