"""A loop over the places of the masks, log_softmax, argsort; the error by way of the unknown token; 0-d tensors."""


def mask_probabilities(model, tokenizer, text):
    model.train(False)
    ids = tokenizer(text)["input_ids"]
    places = [place for place, i in enumerate(ids) if i == tokenizer.mask_token_id]
    with torch.inference_mode():
        states = model(input_ids=torch.tensor([ids]), return_dict=False)[0].log_softmax(2).exp()
    return [states[0, place] for place in places]


def fill(model, tokenizer, text, k=5):
    answer = []
    for row in mask_probabilities(model, tokenizer, text):
        chosen = torch.argsort(row, descending=True)[:k]
        answer.append([(tokenizer.convert_ids_to_tokens(int(i)), row[i]) for i in chosen])
    return answer


def probability_of(model, tokenizer, text, word):
    i = tokenizer.convert_tokens_to_ids(word)
    rows = mask_probabilities(model, tokenizer, text)
    if i == tokenizer.unk_token_id and word != tokenizer.unk_token:
        raise ValueError("unknown")
    (row,) = rows  # unpacking another number of rows is a ValueError too
    return row[i]
