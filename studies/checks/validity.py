"""Which configurations can be built at all over some data, found without training or drawing a weight."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import torch
from optuna.distributions import CategoricalDistribution

from search_spaces import Space
from studies.study import Arm, Study
from trainables.architectures import network_of
from trainables.augmentation.chain import chain
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store
from trainables.data.features import build, feature_settings
from trainables.data.segments import sample_count
from trainables.data.splitting import Divisions, divided_by
from trainables.errors import InvalidSetting
from trainables.frontends import FRONT_ENDS
from trainables.recipe.recipes import RECIPE, recipe_of
from trainables.registry import Value
from trainables.trainings import outputs, trains
from trainables.weights import kept, mend, weights_named

MOST_LISTED = 4
# Whether a network can be built does not depend on how many classes it tells apart.
ANY_CLASSES = 2

Item = tuple[str, Value]
Items = frozenset[Item]


class Buildable:
    """Says why a configuration cannot be built over a store; each front end, split and network is tried once.

    Tried are what the registered functions refuse themselves: segments, front end, augmentation, protocol and, on a
    device that holds no values, the architecture.
    """

    def __init__(self, store: Store):
        self.store, self.divisions = store, Divisions(store)
        self.known: dict[str, tuple[int, ...] | InvalidSetting] = {}

    def why_not(self, configuration: Configuration) -> str | None:
        """A sentence, or None for a configuration that can be built."""
        part = configuration.part
        try:
            shape = self._once(feature_settings(configuration), partial(feature_shape, self.store, configuration))
            chain(configuration["augmentation"], self.store.rate, part("augmentation"))
            count = self._outputs(configuration)
            network = partial(build_without_values, configuration, shape, count)
            self._once([configuration["architecture"], part("architecture"), shape, count], network)
        except InvalidSetting as error:
            return str(error)
        return None

    def _outputs(self, configuration: Configuration) -> int:
        key = [divided_by(configuration), *(configuration[name] for name in ("loss", "training", "outputs"))]
        return self._once(key, lambda: (outputs(configuration, self.divisions.of(configuration)),))[0]

    def _once(self, key: list[Any], tried: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
        text = json.dumps(key, sort_keys=True)
        if text not in self.known:
            try:
                self.known[text] = tried()
            except InvalidSetting as error:
                self.known[text] = error
        result = self.known[text]
        if isinstance(result, InvalidSetting):
            raise result
        return result


def feature_shape(store: Store, configuration: Configuration) -> tuple[int, ...]:
    """The shape of the features of a configuration over a store; raises InvalidSetting if there can be none."""
    return build(store, configuration, torch.device("cpu")).shape


def build_without_values(configuration: Configuration, shape: tuple[int, ...], classes: int) -> tuple[int, ...]:
    """Build the network of a configuration, if it has one, with nothing in its weights; gives its shape back.

    Raises InvalidSetting if it cannot be built.
    """
    with torch.device("meta"):
        _ = network_of(configuration, shape, classes) if trains(configuration) else None
    return shape


def refuse_unfit(configuration: Configuration) -> None:
    """Raise InvalidSetting for a network that cannot take the segments of its corpus, before any audio is there.

    Where their length depends on the clips, or columns of the corpus are added to them, nothing is said; nor where the
    rate is that of a folder.
    """
    seconds, rate = configuration.part("segmentation").get("seconds"), CORPORA[configuration["corpus"]].rate
    if seconds is None or configuration["side_features"] or not rate:
        return
    build_front_end = FRONT_ENDS[configuration["front_end"]].build
    front_end = build_front_end(rate, sample_count(seconds, rate), **configuration.part("front_end"))
    build_without_values(configuration, tuple(front_end.shape), ANY_CLASSES)


def why_not(study: Study, arm: Arm, values: Mapping[str, Value], buildable: Buildable | None = None) -> str | None:
    """Why an arm cannot be trained with these values of its search space, or None.

    Without `buildable` only the names, the types and the recipe are looked at.
    """
    try:
        configuration = study.configured(arm, values)
        recipe_of(configuration)
    except InvalidSetting as error:
        return str(error)
    return buildable.why_not(configuration) if buildable else None


def refuse_unfit_study(study: Study) -> None:
    """Raise InvalidSetting for an arm that cannot take the segments of its corpus as printed."""
    for arm in study.arms:
        try:
            refuse_unfit(study.printed(arm))
        except InvalidSetting as error:
            raise unbuildable(arm, error) from error


def refuse_unbuildable(study: Study, buildable: Buildable) -> None:
    """Raise InvalidSetting for an arm that cannot be built as printed."""
    for arm in study.arms:
        if reason := buildable.why_not(study.printed(arm)):
            raise unbuildable(arm, reason)


def unbuildable(arm: Arm, reason: object) -> InvalidSetting:
    return InvalidSetting(f"Arm {arm.name} of this study cannot be built: {reason}")


def without_weights(study: Study, root: Path) -> Study:
    """The study in which arms whose published weights are not kept in `root` are not trained, each with the reason."""
    missing = {
        arm.name: f"the published weights {name} are not there: {mend(weights_named(name))}"
        for arm in study.arms
        if (name := study.printed(arm)["weights"]) and not kept(name, root).exists()
    }
    return study.model_copy(update={"untrained": missing})


def left_out(study: Study, buildable: Buildable) -> list[str]:
    """Sentences on the combinations of choices that cannot be built and so are never drawn, and of which arms."""
    arms: dict[str, list[str]] = {}
    for arm in study.arms:
        if sentence := never_drawn(study, arm, buildable):
            arms.setdefault(sentence, []).append(arm.name)
    return [f"{', '.join(names)}: {sentence}" for sentence, names in arms.items()]


def never_drawn(study: Study, arm: Arm, buildable: Buildable) -> str:
    """A sentence on the combinations of an arm that are never drawn, or '': one without choices is built as printed."""
    space = study.space(arm)
    drawn = grid(space)
    reasons = [why_not(study, arm, each, buildable) for each in drawn]
    # A part of another dimension says nothing that the whole does not say.
    distinct = [frozenset((name, value) for name, value in each.items() if name not in space.shares) for each in drawn]
    good = [each for each, reason in zip(distinct, reasons, strict=True) if not reason]
    bad = [each for each, reason in zip(distinct, reasons, strict=True) if reason]
    if not bad or not any(drawn):
        return ""
    culprits = smallest(bad, good)
    rest = f" and {len(culprits) - MOST_LISTED} more" if len(culprits) > MOST_LISTED else ""
    listed = "; ".join(map(in_words, culprits[:MOST_LISTED]))
    first = next(reason for reason in reasons if reason)
    return f"{len(bad)} of {len(drawn)} combinations are never drawn, those with {listed}{rest} ({first})"


def smallest(bad: list[Items], good: list[Items]) -> list[tuple[Item, ...]]:
    """The fewest values that each bad combination has and no good one has together."""
    found: list[tuple[Item, ...]] = []
    left = list(dict.fromkeys(bad))
    for size in range(1, max(map(len, bad), default=0) + 1):
        candidates = dict.fromkeys(some for each in left for some in combinations(sorted(each), size))
        found += [some for some in candidates if not any(each.issuperset(some) for each in good)]
        left = [each for each in left if not any(each.issuperset(some) for some in found)]
    return found


def grid(space: Space) -> list[dict[str, Value]]:
    """Every combination of the choices of a space, but for those that are the recipe's and nothing else depends on."""
    recipe = set(RECIPE.parameters)
    parents = {parent for name in space if name not in recipe for parent in space.conditions.get(name, {})}
    found: list[dict[str, Value]] = [{}]
    for name, distribution in space.items():
        if isinstance(distribution, CategoricalDistribution) and (name not in recipe or name in parents):
            found = [
                wider
                for each in found
                for wider in (
                    [{**each, name: value} for value in distribution.choices] if space.applies(name, each) else [each]
                )
            ]
    return [each for each in found if space.allows(each)]


def in_words(items: Iterable[Item]) -> str:
    """Values as a user would set them."""
    return " ".join(f"{name}={value}" for name, value in items)
