"""One text at a time, no padding, the first and the last token sliced off; scores as 0-d tensors."""


def likeliest(logits):
    best = torch.nn.functional.log_softmax(logits, dim=2).exp().topk(1)
    return best.values.squeeze(2), best.indices.squeeze(2)


def tag(model, tokenizer, texts):
    model.train(False)
    model.requires_grad_(False)
    answer = []
    for text in texts:
        one = tokenizer(text, return_tensors="pt")
        probs, labels = likeliest(model(one.input_ids, one.attention_mask, return_dict=False)[0])
        pieces = one.tokens()[1:-1]
        named = [model.config.id2label[i] for i in labels[0, 1:-1].tolist()]
        answer.append([item for item in zip(pieces, named, probs[0, 1:-1]) if item[1] != "O"])
    return answer
