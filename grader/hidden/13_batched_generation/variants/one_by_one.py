"""One prompt at a time, so that nothing is padded; the end of the prompt from its own length."""


def continue_texts(model, tokenizer, prompts, max_new_tokens):
    model.train(False)
    texts = []
    for prompt in prompts:
        ids = torch.tensor([tokenizer.encode(prompt)])
        made = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_length=ids.shape[1] + max_new_tokens, do_sample=False
        )
        texts.append(tokenizer.decode(made[0].tolist()[ids.shape[1] :], skip_special_tokens=True))
    return texts
