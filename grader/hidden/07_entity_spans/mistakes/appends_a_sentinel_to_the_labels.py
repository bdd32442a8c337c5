def group(labels):
    found = []
    kind, begin = None, 0
    labels.append("O")
    for place, label in enumerate(labels):
        if kind is not None and label != f"I-{kind}":
            found.append((kind, begin, place))
            kind = None
        if label != "O" and kind is None:
            kind, begin = label.split("-", 1)[1], place
    return found
