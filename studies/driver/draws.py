"""One draw from a search space that something can be trained with."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import optuna
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial

from search_spaces import Space
from trainables.errors import InvalidSetting
from trainables.registry import Value

Values = Mapping[str, Value]
WhyNot = Callable[[Values], str | None]

MOST_DRAWS = 1000


def draws(sampler: BaseSampler, study: optuna.Study, trial: FrozenTrial, space: Space) -> Iterator[dict[str, Value]]:
    """Draws for a trial, one after another, as Optuna makes them; a dimension that does not apply has no value."""
    relative = sampler.infer_relative_search_space(study, trial)
    while True:
        together = sampler.sample_relative(study, trial, relative)
        values: dict[str, Value] = {}
        for name, distribution in space.items():
            if not space.applies(name, values):
                continue
            known = name in together
            values[name] = together[name] if known else sampler.sample_independent(study, trial, name, distribution)
        if space.allows(values):
            yield values


def valid_draw(candidates: Iterator[dict[str, Value]], known: Values, why_not: WhyNot) -> dict[str, Value]:
    """The first of the candidates that can be trained and has the `known` values.

    What cannot be trained is drawn anew, so it costs no trial. Known values are those that a crash left of the very
    same draw; should no candidate have them, as where another version drew them, they replace those of a candidate.
    Raises InvalidSetting if nothing that is drawn can be trained.
    """
    reason: str | None = None
    for replaced in (False, True):
        for candidate in islice(candidates, MOST_DRAWS):
            values = {**candidate, **known} if replaced else candidate
            if known.items() <= values.items() and (reason := why_not(values)) is None:
                return values
    raise InvalidSetting(f"none of {2 * MOST_DRAWS} draws can be trained, the last because: {reason}")
