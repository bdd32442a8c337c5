"""Hidden checks of 19_sentence_embeddings.

What is special about the inputs.
"""

from __future__ import annotations

from grader.judge.draws import uneven_logits
from grader.judge.suite import assert_same


def test_a_sentence_that_is_true_of_a_right_answer(student, reference, rng):
    """The sentence again, as a title.

    es: La frase, como título.
    """
    for rows, labels in ((4, 3), (2, 5)):
        logits = uneven_logits(rng, rows, labels)
        assert_same(student.FUNCTION(logits), reference.FUNCTION(logits))
