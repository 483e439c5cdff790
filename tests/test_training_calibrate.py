"""The calibration, on planted scores: what it ranks first, what it refuses, what a list keeps."""

from __future__ import annotations

import numpy as np

from rag.evaluation.questions import GoldAnswer, GoldQuestion, GoldSpan
from rag.reader.trained import FEATURES, FORMS, form_of
from rag.training.calibrate import WRONGLY_REFUSED, Judged, fit_forms

ASKED = {
    "single": "When was it signed?",
    "items": "Which countries signed it?",
    "yesno": "Did Peru sign it?",
}
COUNT = 60
GOLD = GoldAnswer("Peru", (), (GoldSpan("a", 0, 4, "Peru"),))


def planted(form: str, number: int, rng: np.random.Generator) -> Judged:
    """Three candidates; the first is right in two questions of three, and scores higher then."""
    answers = (GOLD,) if number % 3 else ()
    features = rng.normal(0, 1, (3, FEATURES[form]))
    features[0, 0] += 5 if answers else 0
    gives = np.array([0 if answers else -1, -1, -1])
    kind = "fact" if answers else "none"
    gold = GoldQuestion(f"{form}-{number}", "dev", ASKED[form], kind, answers)
    return Judged(gold, features, gives, gives == 0, ("Peru", "Chile", "Ghana"))


def test_one_threshold_refuses_the_allowed_share_and_the_right_answer_ranks_first() -> None:
    rng = np.random.default_rng(3)
    judged = [planted(form, number, rng) for form in FORMS for number in range(COUNT)]
    fits = fit_forms(judged)
    assert {form_of(question) for question in ASKED.values()} == set(FORMS) == set(fits)
    (threshold,) = {fit.threshold for fit in fits.values()}
    best = [
        fits[form_of(one.question.question)].probabilities(one.features)
        for one in judged
        if one.question.answerable
    ]
    refused = np.mean([probabilities.max() < threshold for probabilities in best])
    assert abs(refused - WRONGLY_REFUSED) < 0.01
    assert np.mean([probabilities.argmax() == 0 for probabilities in best]) > 0.95
    nothing = [one for one in judged if not one.question.answerable]
    wrongly = [
        fits[form_of(one.question.question)].probabilities(one.features).max() >= threshold
        for one in nothing
    ]
    assert np.mean(wrongly) < 0.2
    # The one right item far above the others is kept, and they are not.
    assert fits["items"].share > 0
    assert fits["single"].share == fits["yesno"].share == 0
