"""One window at a time without its padding, plain loops, a heap; rows of ids cut by hand and padded at the end."""

import heapq


def windows(tokenizer, question, context, window=32, overlap=8):
    pair = tokenizer(question, context, add_special_tokens=False)
    room = window - len(tokenizer(question, add_special_tokens=False)["input_ids"]) - 3
    total = len(tokenizer(context, add_special_tokens=False)["input_ids"])
    encoded = tokenizer(
        text=[question],
        text_pair=[context],
        max_length=min(window, len(pair["input_ids"]) + 3),
        truncation="only_second",
        stride=overlap if total > room else 0,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding="longest",
    )
    return encoded.convert_to_tensors("pt")


def no_answer_score(start, end):
    smallest = float("inf")
    for s, e in zip(start, end):
        smallest = min(smallest, (s[0] + e[0]).item())
    return smallest


def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    model.train(False).requires_grad_(False)
    batch = windows(tokenizer, question, context, window, overlap)
    heap, none = {}, []
    for row in range(len(batch["input_ids"])):
        real = batch["attention_mask"][row].bool()
        inputs = {
            k: batch[k][row : row + 1, real] for k in ("input_ids", "attention_mask", "token_type_ids") if k in batch
        }
        start, end = model(**inputs, return_dict=False)[:2]
        none.append((start[:, :1], end[:, :1]))
        start, end = start[0].tolist(), end[0].tolist()
        offsets = batch["offset_mapping"][row].tolist()
        kinds = batch.sequence_ids(row)
        for s in range(len(start)):
            for e in range(s, min(s + max_tokens, len(end))):
                if kinds[s] == kinds[e] == 1:
                    key = offsets[s][0], offsets[e][1]
                    if key not in heap or heap[key] < start[s] + end[e]:
                        heap[key] = start[s] + end[e]
    answers = [(score, a, b) for (a, b), score in heap.items()]
    if allow_none:
        answers.append((no_answer_score(*(torch.cat(side) for side in zip(*none))), 0, 0))
    return [
        {"score": score, "start": a, "end": b, "answer": context[a:b]} for score, a, b in heapq.nlargest(n, answers)
    ]
