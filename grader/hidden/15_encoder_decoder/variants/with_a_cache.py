"""Encoder and decoder called by themselves with the head on top; then the decoder's cache; the cut comes at the end."""


@torch.no_grad()
def next_probabilities(model, enc, decoder_ids):
    model.eval()
    states = model.get_encoder()(input_ids=enc["input_ids"], attention_mask=enc["attention_mask"])
    output = model(
        encoder_outputs=(states.last_hidden_state,),
        attention_mask=enc["attention_mask"],
        decoder_input_ids=decoder_ids,
        decoder_attention_mask=torch.ones_like(decoder_ids),
    )
    return torch.nn.Softmax(dim=-1)(output.logits[:, -1:]).squeeze(1)


@torch.no_grad()
def greedy_seq2seq(model, enc, max_new_tokens):
    model.eval()
    settings = model.generation_config
    states = model.get_encoder()(**enc, return_dict=True)
    fed = torch.full_like(enc["input_ids"][:, :1], settings.decoder_start_token_id)
    past, made = None, []
    for _ in range(max_new_tokens):
        output = model(
            encoder_outputs=states,
            attention_mask=enc["attention_mask"],
            decoder_input_ids=fed,
            past_key_values=past,
            use_cache=True,
        )
        past = output.past_key_values
        fed = output.logits[:, -1].topk(1).indices
        made.append(fed)
    result = torch.cat(made, dim=1)
    after = (result == settings.eos_token_id).long().cumsum(dim=1).roll(1, dims=1)
    after[:, 0] = 0
    result[after > 0] = settings.pad_token_id
    return result[:, (after == 0).any(dim=0)]
