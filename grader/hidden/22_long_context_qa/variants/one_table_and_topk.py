"""All windows in one table, sorted once, seen places skipped, results as dataclasses."""

from dataclasses import dataclass


@dataclass
class Found:
    answer: str
    start: int
    end: int
    score: float


def windows(tokenizer, question, context, window=32, overlap=8):
    options = {"max_length": window, "stride": overlap, "truncation": "only_second", "padding": "longest"}
    returned = {f"return_{what}": True for what in ("overflowing_tokens", "offsets_mapping", "special_tokens_mask")}
    return tokenizer([question], [context], **options, **returned, return_tensors="pt")


def no_answer_score(start, end):
    return torch.amin(start[..., 0] + end[..., 0]).item()


@torch.inference_mode()
def n_best(model, tokenizer, question, context, n=5, max_tokens=30, window=32, overlap=8, allow_none=False):
    enc = windows(tokenizer, question, context, window, overlap)
    sides = {k: v for k, v in enc.items() if k in ("input_ids", "token_type_ids", "attention_mask")}
    out = model.eval()(**sides)
    rows, seq = out.start_logits.shape
    inside = torch.tensor([[kind == 1 for kind in enc.sequence_ids(i)] for i in range(rows)])
    place = torch.arange(seq)
    length = place[None, :] - place[:, None] + 1
    ok = inside[:, :, None] & inside[:, None, :] & (length >= 1) & (length <= max_tokens)
    table = (out.start_logits[:, :, None] + out.end_logits[:, None, :]).masked_fill(~ok, float("-inf")).flatten()
    offsets = enc["offset_mapping"]
    results, seen = [], set()
    order = table.argsort(descending=True)[: int(ok.sum())]
    for flat in order.tolist():
        row, rest = divmod(flat, seq * seq)
        first, last = divmod(rest, seq)
        key = int(offsets[row, first, 0]), int(offsets[row, last, 1])
        if key not in seen:
            seen.add(key)
            results.append(Found(context[key[0] : key[1]], *key, table[flat].item()))
        if len(results) == n:
            break
    if allow_none:
        results.append(Found("", 0, 0, no_answer_score(out.start_logits, out.end_logits)))
        results.sort(key=lambda found: -found.score)
    return results[:n]
