def auto_class(task):
    classes = {
        "features": transformers.BertModel,
        "text-classification": transformers.BertForSequenceClassification,
        "token-classification": transformers.BertForTokenClassification,
        "question-answering": transformers.BertForQuestionAnswering,
        "fill-mask": transformers.BertForMaskedLM,
        "text-generation": transformers.GPT2LMHeadModel,
        "text2text-generation": transformers.MT5ForConditionalGeneration,
    }
    if task not in classes:
        raise ValueError(task)
    return classes[task]
