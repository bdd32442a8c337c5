def greedy_seq2seq(model, enc, max_new_tokens):
    model.eval()
    written = torch.full((len(enc["input_ids"]), 1), model.config.decoder_start_token_id)
    ended = torch.zeros(len(written), dtype=torch.bool)
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(input_ids=enc["input_ids"], decoder_input_ids=written).logits
        best = logits[:, -1].argmax(dim=-1)
        best = best.masked_fill(ended, model.config.pad_token_id)
        written = torch.cat([written, best[:, None]], dim=1)
        ended = ended | (best == model.config.eos_token_id)
        if ended.all():
            break
    return written[:, 1:]
