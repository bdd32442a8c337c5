def fertility(tokenizer, texts):
    ratios = []
    for text in texts:
        words = text.split()
        ratios.append(len(tokenizer.tokenize(text)) / len(words) if words else 0.0)
    return sum(ratios) / len(ratios)
