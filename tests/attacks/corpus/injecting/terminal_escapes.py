"""
Tries:      to write into the terminal of whoever reads the report: colours, titles, cleared screens, hidden links
Stopped by: judge
Honest:     probabilities
"""

TEXT = "\x1b[2J\x1b[31mfull marks\x1b]0;owned\x07\x1b]8;;https://example.org\x07here\x1b\\ \x9b31m \r11/11\b\b\v\f"


def predict(model, tokenizer, texts, threshold=0.5):
    return [{"label": TEXT, "score": 0.5} for _ in texts]
