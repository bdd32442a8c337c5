"""My own helpers."""


def best_of(row, names):
    best = int(row.argmax())
    return names[best], float(row[best])
