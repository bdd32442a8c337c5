"""What a decoder would write if no token ended a text, and how clear each choice is."""


def endless(model, enc, steps):
    """Return (tokens, leads), both (batch, steps): the likeliest tokens, and how far each leads in logits."""
    model.eval()
    written = torch.full((len(enc["input_ids"]), 1), model.config.decoder_start_token_id)
    leads = []
    for _ in range(steps):
        with torch.no_grad():
            best = model(**enc, decoder_input_ids=written).logits[:, -1].topk(2, dim=-1)
        written = torch.cat([written, best.indices[:, :1]], dim=1)
        leads.append(best.values[:, 0] - best.values[:, 1])
    return written[:, 1:], torch.stack(leads, dim=1)
