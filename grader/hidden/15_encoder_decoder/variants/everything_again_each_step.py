"""The whole model at each step through next_probabilities; a mask of unfinished texts; a list of columns."""


def next_probabilities(model, enc, decoder_ids):
    model.train(False)
    with torch.inference_mode():
        output = model(
            input_ids=enc.input_ids, attention_mask=enc.attention_mask, decoder_input_ids=decoder_ids, use_cache=False
        )
    return torch.log_softmax(output["logits"], dim=2)[:, -1, :].exp()


def greedy_seq2seq(model, enc, max_new_tokens):
    config = model.config
    columns = [torch.tensor([config.decoder_start_token_id] * enc["input_ids"].shape[0])]
    unfinished = torch.ones_like(columns[0])
    while len(columns) <= max_new_tokens and unfinished.max() == 1:
        token = next_probabilities(model, enc, torch.stack(columns, dim=1)).max(dim=-1).indices
        columns.append(token * unfinished + config.pad_token_id * (1 - unfinished))
        unfinished = unfinished * (columns[-1] != config.eos_token_id).long()
    return torch.stack(columns[1:], dim=1)
