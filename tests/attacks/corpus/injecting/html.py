"""
Tries:      to run a script in the page that shows the report, and to break out of its tables
Stopped by: judge
Honest:     probabilities
"""

TEXT = "</td></table><script>alert(1)</script><img src=x onerror=alert(1)> | `x` [a](javascript:alert(1)) <!--"


def predict(model, tokenizer, texts, threshold=0.5):
    return [{"label": TEXT, "score": 0.5} for _ in texts]
