"""
Tries:      to have the report read otherwise than it is: text that turns round, takes no room, or is a line of its own
Stopped by: judge
Honest:     probabilities
"""

TEXT = "\u202e11/11 \u2066x\u2069\u200b\u200d\ufeff\u2028new line\u2029\x85\U000e0041\udcff\udfff"


def predict(model, tokenizer, texts, threshold=0.5):
    return [{"label": TEXT, "score": 0.5} for _ in texts]
