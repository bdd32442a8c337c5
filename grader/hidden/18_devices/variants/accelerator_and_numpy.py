"""torch.accelerator instead of torch.cuda, an encoding changed entry by entry, numpy after the copy to the CPU."""


def pick_device(prefer=None):
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else torch.device("cpu")
    wanted = torch.device(prefer) if prefer is not None else found
    return wanted if wanted.type in ("cpu", "meta", found.type) else found


def move(enc, model):
    for key in list(enc):
        if torch.is_tensor(enc[key]):
            enc[key] = enc[key].to(model.device, non_blocking=True)
    return enc


@torch.no_grad()
def predict_on(model, tokenizer, texts):
    enc = tokenizer(list(texts), return_tensors="pt", padding="longest", truncation=True).to(model.device)
    output = model.eval()(enc["input_ids"], attention_mask=enc["attention_mask"], return_dict=False)
    return output[0].detach().cpu().numpy().argmax(axis=-1)
