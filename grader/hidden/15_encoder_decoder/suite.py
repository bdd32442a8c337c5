"""Hidden checks of 15_encoder_decoder.

The models are drawn mT5 of one layer with a vocabulary of 24 tokens, so that texts reach the end token at different
steps; start, end and padding token are drawn too, and differ unless a check says otherwise. Sources come from a pool;
only rows are taken whose every choice is clear.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.suite import assert_agree, assert_unchanged

VOCAB, POOL, STEPS, CLEAR = 24, 48, 6, 0.02


class Writer:
    """A drawn model with drawn special tokens, and the sources that it is asked about."""

    def __init__(self, models, rng, start_is_pad=False, train=False):
        self.start, self.eos, self.pad = (int(token) for token in rng.choice(VOCAB, size=3, replace=False))
        if start_is_pad:
            self.start = self.pad
        self.models, self.rng = models, rng
        options = {"decoder_start_token_id": self.start, "eos_token_id": self.eos, "pad_token_id": self.pad}
        self.model = models.twin(
            "google/mt5-small", "seq2seq-lm", num_layers=1, vocab_size=VOCAB, train=train, **options
        )
        self.ordinary = [token for token in range(VOCAB) if token not in (self.start, self.eos, self.pad)]

    def sources(self, lengths):
        """Return ids and mask of drawn sources with these lengths, padded on the right."""
        mask = (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)
        return np.where(mask, self.rng.choice(self.ordinary, size=mask.shape), self.pad), mask

    def encoded(self, lengths):
        return self.models.batch(*self.sources(lengths))

    def decoder_ids(self, batch, written):
        """Return start tokens and drawn ones behind them, (batch, written)."""
        ids = self.rng.choice(self.ordinary, size=(batch, written))
        ids[:, 0] = self.start
        return ids

    def ending(self, reference, ends, lengths=range(3, 10)):
        """Return a batch whose texts end at these steps (None: not within STEPS), or None if the pool has none.

        The longest source is there, and so is a shorter one, if `lengths` has several.
        """
        ids, mask = self.sources([int(n) for n in self.rng.choice(list(lengths), size=POOL)])
        tokens, leads = reference.endless(self.model, self.models.batch(ids, mask), STEPS)
        chosen = []
        for end in ends:
            for row in range(POOL):
                found = np.flatnonzero(tokens[row] == self.eos)
                first = int(found[0]) + 1 if len(found) else None
                seen = slice(None, end)
                same = any((tokens[row][:2] == tokens[other][:2]).all() for other in chosen)
                if first == end and leads[row][seen].min() >= CLEAR and row not in chosen and not same:
                    chosen.append(row)
                    break
        sizes = mask[chosen].sum(-1)
        if len(chosen) < len(ends) or (len(set(lengths)) > 1 and sizes.max() - sizes.min() < 2):
            return None
        return self.models.batch(ids[chosen, : sizes.max()], mask[chosen, : sizes.max()])


def writing(models, rng, reference, ends, lengths=range(3, 10), **options):
    """Return (model, batch): a drawn model and sources whose texts end at these steps."""
    while True:
        writer = Writer(models, rng, **options)
        batch = writer.ending(reference, ends, lengths)
        if batch is not None:
            return writer.model, batch


def test_the_next_token_has_a_probability_for_each_of_the_vocabulary(student, reference, rng, models):
    """The probabilities are those of the token that follows the last decoder token.

    es: Las probabilidades son las del token que sigue al último token del decoder.
    """
    cases = []
    for batch, seq, written in ((2, 6, 4), (3, 5, 3)):
        writer = Writer(models, rng)
        cases.append((writer.model, writer.encoded([seq] * batch), writer.decoder_ids(batch, written)))
    assert_agree(student.next_probabilities, reference.next_probabilities, cases)


@pytest.mark.rests_on("test_the_next_token_has_a_probability_for_each_of_the_vocabulary")
def test_one_text_with_its_start_token_is_enough(student, reference, rng, models):
    """The first token is predicted from the start token alone, for one text as for several.

    es: El primer token se predice solo con el token inicial, para un texto igual que para varios.
    """
    cases = []
    for batch in (1, 2, 1):
        writer = Writer(models, rng)
        cases.append((writer.model, writer.encoded([5] * batch), writer.decoder_ids(batch, 1)))
    assert_agree(student.next_probabilities, reference.next_probabilities, cases)


@pytest.mark.rests_on("test_the_next_token_has_a_probability_for_each_of_the_vocabulary")
def test_padding_of_a_source_changes_no_probability(student, reference, rng, models):
    """In a batch of uneven sources padding counts for nothing.

    es: En un lote de textos desiguales el relleno no cuenta.
    """
    cases = []
    for lengths in ((3, 8), (9, 4, 6)):
        writer = Writer(models, rng)
        cases.append((writer.model, writer.encoded(lengths), writer.decoder_ids(len(lengths), 3)))
    assert_agree(student.next_probabilities, reference.next_probabilities, cases)


@pytest.mark.rests_on("test_the_next_token_has_a_probability_for_each_of_the_vocabulary")
def test_the_decoder_sees_its_start_token(student, reference, rng, models):
    """The start token counts, also where it has the id of padding, as in mT5.

    es: El token inicial cuenta, también si tiene el id del relleno, como en mT5.
    """
    cases = []
    for seq, written in ((5, 3), (7, 4)):
        writer = Writer(models, rng, start_is_pad=True)
        cases.append((writer.model, writer.encoded([seq] * 2), writer.decoder_ids(2, written)))
    assert_agree(student.next_probabilities, reference.next_probabilities, cases)


@pytest.mark.rests_on("test_the_next_token_has_a_probability_for_each_of_the_vocabulary")
def test_predicting_changes_the_model_only_to_evaluation(student, reference, rng, models):
    """next_probabilities uses no dropout, and leaves batch, decoder ids, weights and config as they were.

    es: next_probabilities no usa dropout, y deja el lote, los ids del decoder, los pesos y la config como estaban.
    """
    for seq in (5, 6):
        writer = Writer(models, rng, train=True)
        case = writer.model, writer.encoded([seq] * 2), writer.decoder_ids(2, 3)
        assert_agree(student.next_probabilities, reference.next_probabilities, [case])
        assert_unchanged(student)


def test_each_new_token_is_the_likeliest_one(student, reference, rng, models):
    """Each text is written by its likeliest tokens, one after the other, without the start token.

    es: Cada texto se escribe con sus tokens más probables, uno tras otro, sin el token inicial.
    """
    cases = [
        (*writing(models, rng, reference, [None] * batch, [seq], start_is_pad=True), 5)
        for batch, seq in ((2, 6), (3, 5))
    ]
    assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_the_decoder_starts_with_the_token_of_the_config(student, reference, rng, models):
    """The decoder starts with the decoder_start_token_id of the config, whatever its number is.

    es: El decoder empieza con el decoder_start_token_id de la config, sea cual sea su número.
    """
    cases = [(*writing(models, rng, reference, [None, None], [seq]), 4) for seq in (5, 6, 7)]
    assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_padding_of_a_source_changes_no_token(student, reference, rng, models):
    """A source in a batch is continued as it is alone: padding counts neither in the encoder nor for the decoder.

    es: Un texto en un lote da lo mismo que solo: el relleno no cuenta ni en el encoder ni para el decoder.
    """
    cases = [
        (*writing(models, rng, reference, [None] * batch, (3, 9), start_is_pad=True), STEPS) for batch in (3, 4, 3)
    ]
    assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, cases)


def test_max_new_tokens_counts_written_tokens(student, reference, rng, models):
    """As many tokens are written as max_new_tokens says; the start token is not counted.

    es: Se escriben tantos tokens como dice max_new_tokens; el token inicial no cuenta.
    """
    model, batch = writing(models, rng, reference, [None, None], [5], start_is_pad=True)
    assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, [(model, batch, count) for count in (6, 1, 4)])


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_each_text_ends_with_its_own_end_token(student, reference, rng, models):
    """A text keeps its end token, is filled with padding behind it, and ends no other text.

    es: Un texto conserva su token de fin, se rellena tras él y no pone fin a ningún otro texto.
    """
    cases = [
        (*writing(models, rng, reference, ends, [6], start_is_pad=True), STEPS) for ends in ([1, None], [None, 2, 4])
    ]
    assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_writing_ends_once_every_text_has_ended(student, reference, rng, models):
    """The longest text has no padding: nothing is written once all texts have ended.

    es: El texto más largo no lleva relleno: no se escribe nada cuando todos han acabado.
    """
    cases = [(*writing(models, rng, reference, ends, [6], start_is_pad=True), STEPS) for ends in ([1, 3], [2], [4, 1])]
    assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, cases)


@pytest.mark.rests_on("test_each_new_token_is_the_likeliest_one")
def test_writing_changes_the_model_only_to_evaluation(student, reference, rng, models):
    """Texts are written without dropout, and batch, weights and config are left as they were.

    es: Los textos se escriben sin dropout, y el lote, los pesos y la config quedan como estaban.
    """
    for seq in (5, 6):
        case = (*writing(models, rng, reference, [None, None], [seq], start_is_pad=True, train=True), STEPS)
        assert_agree(student.greedy_seq2seq, reference.greedy_seq2seq, [case])
        assert_unchanged(student)
