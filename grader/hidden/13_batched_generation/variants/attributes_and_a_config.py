"""Padding by the tokenizer's attributes, a GenerationConfig of its own, a beam of one, the result as a tuple."""

from transformers import GenerationConfig


@torch.inference_mode()
def continue_texts(model, tokenizer, prompts, max_new_tokens):
    tokenizer.padding_side = "left"
    tokenizer.pad_token_id = tokenizer.eos_token_id
    batch = tokenizer(prompts, return_tensors="pt", padding="longest")
    plan = GenerationConfig(
        max_new_tokens=max_new_tokens,
        do_sample=False,
        num_beams=1,
        eos_token_id=model.generation_config.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        return_dict_in_generate=True,
    )
    rows = model.eval().generate(inputs=batch.input_ids, attention_mask=batch.attention_mask, generation_config=plan)
    width = batch.input_ids.size(1)
    return tuple(tokenizer.decode(row[width:], skip_special_tokens=True) for row in rows.sequences)
