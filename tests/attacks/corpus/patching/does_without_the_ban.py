"""
Tries:      to call `pipeline`, which the exercise does by hand, behind the back of the ban

A ban tells an honest student of a short cut; code that is in the same process can always find the way around it.
Stopped by: nothing
Honest:     probabilities
"""

import importlib
import sys

for name in ("transformers.pipelines.text_classification", "transformers.pipelines"):
    sys.modules.pop(name, None)
pipeline = importlib.import_module("transformers.pipelines").pipeline


def predict(model, tokenizer, texts, threshold=0.5):
    labels = model.config.id2label
    if len(labels) == 1:
        found = pipeline("text-classification", model=model, tokenizer=tokenizer, function_to_apply="sigmoid")(texts)
        return [one if one["score"] >= threshold else {**one, "label": "NONE"} for one in found]
    return pipeline("text-classification", model=model, tokenizer=tokenizer)(texts)
