"""Classes found by their names, labels set in a config before loading, the result as a sorted list."""

SUFFIXES = {
    "features": "",
    "text-classification": "ForSequenceClassification",
    "token-classification": "ForTokenClassification",
    "question-answering": "ForQuestionAnswering",
    "fill-mask": "ForMaskedLM",
    "text-generation": "ForCausalLM",
    "text2text-generation": "ForSeq2SeqLM",
}


def auto_class(task):
    try:
        return getattr(transformers, "AutoModel" + SUFFIXES[task])
    except KeyError as error:
        raise ValueError(task) from error


def load(task, checkpoint, labels=None, **report):
    config = transformers.AutoConfig.from_pretrained(checkpoint)
    if labels:
        config.num_labels = labels
    return auto_class(task).from_pretrained(checkpoint, config=config, ignore_mismatched_sizes=True, **report)


def fresh_weights(task, checkpoint, labels=None):
    report = load(task, checkpoint, labels, output_loading_info=True)[1]
    names = list(report["missing_keys"])
    for entry in report["mismatched_keys"]:
        names.append(entry[0])
    return sorted(names)
