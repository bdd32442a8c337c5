"""No function calls another: nonzero, gather and topk over all positions first, the masks chosen last."""


@torch.no_grad()
def mask_probabilities(model, tokenizer, text):
    batch = tokenizer(text, return_tensors="pt")
    places = torch.nonzero(batch.input_ids == tokenizer.mask_token_id)[:, 1]
    return torch.nn.Softmax(dim=-1)(model.eval()(**batch).to_tuple()[0])[0].index_select(0, places)


@torch.no_grad()
def fill(model, tokenizer, text, k=5):
    batch = tokenizer(text, return_tensors="pt")
    logits = model.eval()(batch.input_ids, batch.attention_mask).logits.squeeze(0)
    values, ids = logits.topk(k, dim=-1)
    scores = (values - logits.logsumexp(-1, keepdim=True)).exp()
    masks = (batch.input_ids[0] == tokenizer.mask_token_id).tolist()
    return [
        [[tokenizer.convert_ids_to_tokens(int(i)), float(s)] for i, s in zip(ids[t], scores[t], strict=True)]
        for t, is_mask in enumerate(masks)
        if is_mask
    ]


@torch.no_grad()
def probability_of(model, tokenizer, text, word):
    batch = tokenizer(text, return_tensors="pt")
    masks = (batch.input_ids[0] == tokenizer.mask_token_id).nonzero().squeeze(-1).tolist()
    if len(masks) != 1 or word not in tokenizer.vocab:
        raise ValueError("one mask, and a word of the vocabulary")
    return torch.softmax(model.eval()(**batch).logits[0, masks[0]], 0)[tokenizer.vocab[word]]
