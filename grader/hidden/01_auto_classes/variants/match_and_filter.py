"""A match statement; the names kept from the model's own list of weights; a frozen set."""


def auto_class(task):
    match task:
        case "features":
            kind = transformers.AutoModel
        case "text-classification":
            kind = transformers.AutoModelForSequenceClassification
        case "token-classification":
            kind = transformers.AutoModelForTokenClassification
        case "question-answering":
            kind = transformers.AutoModelForQuestionAnswering
        case "fill-mask":
            kind = transformers.AutoModelForMaskedLM
        case "text-generation":
            kind = transformers.AutoModelForCausalLM
        case "text2text-generation":
            kind = transformers.AutoModelForSeq2SeqLM
        case _:
            raise ValueError(f"{task}?")
    return kind


def fresh_weights(task, checkpoint, labels=None):
    extra = dict(num_labels=labels) if labels is not None else dict()
    kind = auto_class(task)
    model, info = kind.from_pretrained(checkpoint, ignore_mismatched_sizes=True, output_loading_info=True, **extra)
    other_size = [name for name, _, _ in info["mismatched_keys"]]
    return frozenset(name for name in model.state_dict() if name in info["missing_keys"] or name in other_size)
