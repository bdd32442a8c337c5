"""A state that is open or closed, tensors of masks, offsets of the encoding; entities as dataclasses."""

from dataclasses import dataclass


@dataclass
class Entity:
    type: str
    start: int
    end: int
    text: str
    score: float


def group(labels):
    result, kind, since = [], None, 0
    for i, label in enumerate([*labels, "O"]):
        continues = label.startswith("I-") and label[2:] == kind
        if kind is not None and not continues:
            result.append([kind, since, i])
            kind = None
        if label != "O" and not continues:
            kind, since = label[2:], i
    return result


def word_scores(probs, word_ids, how):
    ids = torch.tensor([-1 if w is None else w for w in word_ids])
    words = sorted(set(ids.tolist()) - {-1})
    result = torch.zeros(len(words), probs.size(1))
    for n, w in enumerate(words):
        mine = probs[ids == w]
        if how == "max":
            result[n] = mine[mine.amax(1).topk(1).indices[0]]
        else:
            result[n] = (mine[:1] if how == "first" else mine).mean(0)
    return words, result


@torch.inference_mode()
def entities(model, tokenizer, text, how="first"):
    batch = tokenizer([text], return_offsets_mapping=True, return_tensors="pt")
    offsets = batch.pop("offset_mapping")[0].tolist()
    ids = batch.word_ids(0)
    logits = model.eval()(**batch)[0]
    words, scores = word_scores(torch.softmax(logits, -1)[0], ids, how)
    names = [model.config.id2label[int(row.argmax())] for row in scores]
    found = []
    for kind, first, end in group(names):
        places = [p for p, w in enumerate(ids) if w in words[first:end]]
        left, right = offsets[places[0]][0], offsets[places[-1]][1]
        score = sum(scores[i].max() for i in range(first, end)) / (end - first)
        found.append(Entity(kind, left, right, text[left:right], score))
    return found
