def fertility(tokenizer, texts):
    ratios = []
    for text in texts:
        ratios.append(len(tokenizer.tokenize(text)) / len(text.split()))
    return sum(ratios) / len(ratios)
