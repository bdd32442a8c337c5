"""What is different about this style."""


def FUNCTION(logits):
    return +logits
