"""A DynamicCache made before the loop, positions counted on from their last, room for all tokens set aside."""

from transformers import DynamicCache


def positions(mask):
    return (mask.long().cumsum(-1) - 1).masked_fill(mask == 0, 0)


@torch.inference_mode()
def greedy_cached(model, ids, mask, max_new_tokens):
    model.train(False)
    cache = DynamicCache(config=model.config)
    batch, seq = ids.shape
    whole = torch.cat([mask, mask.new_ones(batch, max_new_tokens)], dim=1)
    place = positions(whole)
    room = torch.cat([ids, ids.new_zeros(batch, max_new_tokens)], dim=1)
    read, start = [], 0
    for end in range(seq, seq + max_new_tokens):
        logits = model(
            input_ids=room[:, start:end],
            attention_mask=whole[:, :end],
            position_ids=place[:, start:end],
            past_key_values=cache,
        )["logits"]
        room[:, end] = logits[:, -1].topk(1).indices[:, 0]
        read.append(end - start)
        start = end
    return room[:, seq:], read
