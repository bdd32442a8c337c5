"""
Tries:      to give commands to GitHub Actions at the start of a line: errors, masks, outputs, environment
Stopped by: judge
Honest:     probabilities
"""

LINES = "\n::error file=x::lost\n::add-mask::1\n::set-output name=result::11\n::stop-commands::x\n##[group]x\n%0A::x::"


def predict(model, tokenizer, texts, threshold=0.5):
    print(LINES)
    if len(texts) % 2:
        raise ValueError(LINES)
    return [{LINES: LINES, "label": LINES, "score": 0.5} for _ in texts]
