"""Where a prompt leads, and how clear the choices on the way are."""


def walk(model, tokenizer, prompt, steps):
    """Return the tokens of the greedy continuation, no end token ending it, their ids, and the smallest lead."""
    ids, chosen, lead = tokenizer(prompt, return_tensors="pt")["input_ids"], [], float("inf")
    for _ in range(steps):
        with torch.no_grad():
            best = model(ids).logits[0, -1].topk(2)
        lead = min(lead, float(best.values[0] - best.values[1]))
        chosen.append(int(best.indices[0]))
        ids = torch.cat([ids, best.indices[:1].view(1, 1)], dim=1)
    return tokenizer.convert_ids_to_tokens(chosen), chosen, lead


def end_of(tokenizer):
    """Return the id of the tokenizer's end token."""
    return tokenizer.eos_token_id
