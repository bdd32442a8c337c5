"""numpy in double precision, itertools.groupby, tuples."""

from itertools import groupby

import numpy as np


def group(labels):
    runs = []
    before = "O"
    for place, label in enumerate(labels):
        joins = label[:1] == "I" and before[1:] == label[1:]
        if label != "O":
            if joins:
                runs[-1].append(place)
            else:
                runs.append([place])
        before = label
    return tuple((labels[run[0]][2:], run[0], run[-1] + 1) for run in runs)


def word_scores(probs, word_ids, how):
    table = np.asarray(probs, dtype=np.float64)
    words, out = [], []
    for word, places in groupby(range(len(word_ids)), key=lambda i: word_ids[i]):
        block = table[list(places)]
        if word is None:
            continue
        words.append(word)
        pick = {"first": lambda b: b[0], "average": lambda b: b.sum(0) / len(b)}
        pick["max"] = lambda b: max(b, key=lambda row: row.max())
        out.append(pick[how](block))
    return words, np.array(out).reshape(len(words), table.shape[1])


def entities(model, tokenizer, text, how="first"):
    model.train(False)
    enc = tokenizer(text, return_tensors="pt")
    logits = model(enc["input_ids"], enc["attention_mask"], return_dict=False)[0].detach().numpy()[0].astype(np.float64)
    powers = np.exp(logits - logits.max(1, keepdims=True))
    words, table = word_scores(powers / powers.sum(1, keepdims=True), enc.word_ids(), how)
    labels = [model.config.id2label[i] for i in table.argmax(1).tolist()]
    out = []
    for kind, first, end in group(labels):
        spans = [enc.word_to_chars(word) for word in words[first:end]]
        left, right = min(s.start for s in spans), max(s.end for s in spans)
        out.append((kind, left, right, text[left:right], table[first:end].max(1).mean()))
    return out
