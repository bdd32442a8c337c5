"""What a suite needs to know of an input: how safe its ranking is, and what is special about its best answers."""


def survey(model, tokenizer, question, context, n, max_tokens, window, overlap, allow_none=False):
    """Return facts on the `n` best answers.

    `margin`: the smallest gap between two scores among the n + 1 best; `homes`: for each answer, the windows that hold
    it, the one with its largest score first; `spread`: for each answer, the gap between its two largest scores, 0 where
    one window holds it; `repeats`: whether a second score of an answer is above the last answer's; `by_share`: whether
    probabilities within each window rank other answers first; `alike`: whether two answers read the same; `windows`:
    how many there are; `padding`: how many tokens of padding the last one has; `none_at`: the place of "no answer"
    among the answers, or None; `surest`: whether the window that is surest of "no answer" scores it above them all;
    `torn`: whether the smallest start and the smallest end of [CLS] are of two windows; `deep`: whether an answer
    begins or ends at a token that 20 others of the context beat, in each window that holds it.
    """
    arguments = (model, tokenizer, question, context)
    best = n_best(*arguments, n + 1, max_tokens, window, overlap, allow_none)
    scores = [answer["score"] for answer in best]
    encoded = windows(tokenizer, question, context, window, overlap)
    with torch.no_grad():
        output = model.eval()(**{name: encoded[name] for name in tokenizer.model_input_names})
    held, shares, beaten = {}, {}, {}
    for row, offsets in enumerate(encoded["offset_mapping"].tolist()):
        places = [place for place, part in enumerate(encoded.sequence_ids(row)) if part == 1]
        start, end = output.start_logits[row], output.end_logits[row]
        share = start.softmax(0)[:, None] * end.softmax(0)[None, :]
        for first in places:
            for last in places:
                if first <= last < first + max_tokens:
                    characters = (offsets[first][0], offsets[last][1])
                    held.setdefault(characters, []).append((float(start[first] + end[last]), row))
                    ahead = max(int((start[places] > start[first]).sum()), int((end[places] > end[last]).sum()))
                    beaten[characters] = min(ahead, beaten.get(characters, ahead))
                    shares[characters] = max(shares.get(characters, 0.0), float(share[first, last]))
    nulls = output.start_logits[:, 0] + output.end_logits[:, 0]
    chosen = [(answer["start"], answer["end"]) for answer in best[:n]]
    ranked = [sorted(held.get(place, [(0.0, -1)]), reverse=True) for place in chosen]
    return {
        "margin": min((scores[i] - scores[i + 1] for i in range(len(scores) - 1)), default=9.0),
        "homes": [[row for _, row in rows] for rows in ranked],
        "spread": [rows[0][0] - rows[1][0] if len(rows) > 1 else 0.0 for rows in ranked],
        "repeats": any(rows[1][0] > ranked[-1][0][0] for rows in ranked if len(rows) > 1),
        "by_share": sorted(shares, key=shares.get, reverse=True)[:n] != chosen,
        "alike": len({answer["answer"] for answer in best[:n]}) < n,
        "windows": len(encoded["input_ids"]),
        "none_at": chosen.index((0, 0)) if (0, 0) in chosen else None,
        "surest": float(nulls.max()) > scores[0] + 0.1,
        "torn": bool(nulls.min() > output.start_logits[:, 0].min() + output.end_logits[:, 0].min() + 0.1),
        "deep": any(beaten.get(place, 0) >= 20 for place in chosen),
        "padding": int((encoded["attention_mask"][-1] == 0).sum()),
    }
