"""The checks of a study's design before anything is trained: seeds (B8), factors (B12), budgets (B15), inputs (B16)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from statistics import mean

import numpy as np
import torch

from analysis.audit.tuned import EVEN, even
from analysis.claims.sides import arms_of, joined
from analysis.protocols import HEADLINE
from studies.checks.augmentations import reaching
from studies.scale import MINIMUM_REPETITIONS, Scale
from studies.seeds import SEEDS
from studies.study import Arm, Study
from studies.tasks import choosers, confirm_plan, explored
from trainables.configuration import Configuration
from trainables.corpora.audit.check import Check, evenly, not_applicable, passed, worst
from trainables.corpora.audit.inputs import normalisation
from trainables.corpora.splits import Split
from trainables.corpora.store import Store
from trainables.data.features import build, feature_settings
from trainables.data.splitting import Divisions
from trainables.recipe.recipes import Recipe

LARGEST_PARAMETER_RATIO = 1.02
PROBED = 8
"""Training clips, and test clips, whose features are computed to see whether one changes the other."""

ARCHITECTURE = "architecture"
BELONGS = {each.name: each.metadata["only"][0] for each in fields(Recipe) if "only" in each.metadata}
"""By the settings of a recipe that only some values of another have, such as the momentum of SGD, that other one."""

Compared = tuple[tuple[str, ...], tuple[str, ...]]
"""The arms on the two sides of a comparison; of several on one side the mean is meant."""
Budgets = Mapping[str, Mapping[str, float]]


def design_card(
    study: Study,
    scale: Scale,
    store: Store,
    parameters: Mapping[str, int],
    seconds: Mapping[str, float] | None = None,
) -> list[Check]:
    """The checks of a study's design.

    `parameters` are those of each arm's network, `seconds`, where they have been measured, what each arm will take.
    """
    if not study.arms:
        return []
    planned = budgets(study, scale)
    for arm, time in (seconds or {}).items():
        planned[arm]["seconds"] = time
    compared = [factors(study, parameters), reaching(study, store)]
    return [seeds(scale.repetitions), *compared, budget(planned), probed(study, store)]


def seeds(repetitions: int) -> Check:
    """B8: fewer than eight seeds cannot tell an effect from chance."""
    explanation = f"Every arm is trained with {repetitions} seed(s); a decision needs {MINIMUM_REPETITIONS}."
    return Check(
        "B8",
        "seeds",
        passed(repetitions >= MINIMUM_REPETITIONS),
        float(repetitions),
        explanation,
        "seeds",
        f"at least {MINIMUM_REPETITIONS}",
    )


def factors(study: Study, parameters: Mapping[str, int]) -> Check:
    """B12: two arms that a claim compares may differ in one setting only, and not in size."""
    name = "one factor in each comparison"
    found, claims = confounded(study, parameters), compared(study)
    if not claims:
        return not_applicable("B12", name, "No claim compares one arm with another.")
    explanation = f"{len(found)} of {len(claims)} claims that compare arms are confounded."
    sentences = [f"{claim}: {why}." for claim, why in found.items()]
    return Check(
        "B12",
        name,
        passed(not found),
        len(found) / len(claims),
        " ".join([explanation, *sentences]),
        "of the claims",
        "at most 0",
    )


def too_few_explored(study: Study, scale: Scale) -> list[str]:
    """Sentences on the claims that need more explored trials than the scale has."""
    return [
        f"{claim.name} needs {claim.fewest_explored} explored trials of each arm, and there will be {scale.trials}: "
        f"give --trials {claim.fewest_explored} or more."
        for claim in study.claims
        if scale.trials < claim.fewest_explored
    ]


def compared(study: Study) -> dict[str, list[Compared]]:
    """By the name of the claim, the arms on the two sides of each comparison; a constant is compared with nothing."""
    sides = {claim.name: [(arms_of(a), arms_of(b)) for a, b in claim.compared] for claim in study.claims}
    found = {name: [pair for pair in pairs if all(pair)] for name, pairs in sides.items()}
    return {name: pairs for name, pairs in found.items() if pairs}


def confounded(study: Study, parameters: Mapping[str, int]) -> dict[str, str]:
    """For each claim that compares arms, by its name, why it compares more than one thing, if it does.

    More than one setting that both arms have differs, or the numbers of parameters differ by more than 2 %. A claim
    that says itself what it confounds is left to say it.
    """
    own = {claim.name: claim.confounded for claim in study.claims}
    reasons = {name: own[name] or unlike(study, pairs, parameters) for name, pairs in compared(study).items()}
    return {name: why for name, why in reasons.items() if why}


def unlike(study: Study, pairs: Sequence[Compared], parameters: Mapping[str, int]) -> str:
    """What differs beside one setting in pairs of sides; of several pairs each is named."""
    found = {" and ".join(map(joined, pair)): "; ".join(apart(study, pair, parameters)) for pair in pairs}
    sentences = [why if len(pairs) == 1 else f"{names}: {why}" for names, why in found.items() if why]
    return "; ".join(sentences)


def apart(study: Study, pair: Compared, parameters: Mapping[str, int]) -> list[str]:
    """What differs beside one setting: of several arms on a side each is compared, and the mean of their parameters."""
    printed = {name: study.printed(study.arm(name)) for side in pair for name in side}
    both = ((printed[first], printed[second]) for first, second in product(*pair))
    names = dict.fromkeys(name for each in both for name in differing(*each))
    first, second = (mean(parameters[name] for name in side) for side in pair)
    return [*together([*names]), *larger(first, second)]


def differing(first: Configuration, second: Configuration) -> list[str]:
    """The settings that both have and in which they differ.

    Those of one architecture, optimiser or schedule alone go with it; where both architectures have the same, its name
    goes with what differs in these.
    """
    found = [name for name, value in first.settings.items() if second.settings.get(name, value) != value]
    names = [name for name in found if BELONGS.get(name) not in found]
    design, other = (set(each.parameters_by_part[ARCHITECTURE]) for each in (first, second))
    variants = design == other and design & set(names)
    return [name for name in names if not (variants and name == ARCHITECTURE)]


def together(names: Sequence[str]) -> list[str]:
    readable = [name.replace("_", " ") for name in names]
    return [f"{', '.join(readable[:-1])} and {readable[-1]} differ"] if len(names) > 1 else []


def larger(first: float, second: float) -> list[str]:
    """How many more or fewer parameters the first network has, if that is more than 2 %."""
    if max(first, second) <= LARGEST_PARAMETER_RATIO * min(first, second):
        return []
    return [f"{100 * abs(first / second - 1):.3g} % {'more' if first > second else 'fewer'} parameters"]


def labelled(study: Study, reasons: Mapping[str, str]) -> Study:
    """The study in which each claim that is confounded says so; what a claim says itself stays."""
    claims = (
        claim.model_copy(update={"confounded": claim.confounded or reasons.get(claim.name, "")})
        for claim in study.claims
    )
    return study.model_copy(update={"claims": tuple(claims)})


def budgets(study: Study, scale: Scale) -> dict[str, dict[str, float]]:
    """What is planned for each arm at most: trials of explore, of finalists and of confirm, and their epochs.

    An arm that is not trained has none.
    """
    planned, epochs = {}, scale.epochs_of(study.epochs)
    for arm in study.arms:
        tried = scale.trials if arm in explored(study) else 0
        finals = most_finalists(study, arm, scale) * len(SEEDS) if arm in choosers(study) else 0
        counts = {"explored": tried, "finalists'": finals, "confirmed": 0}
        planned[arm.name] = {
            f"{phase} {measure}": float(count * each)
            for phase, count in counts.items()
            for measure, each in (("trials", 1), ("epochs", epochs * arm.times))
        }
    for role, configuration in confirm_plan(study, scale.model_copy(update={"repetitions": 1}), {}, ""):
        planned[role.arm]["confirmed trials"] += scale.repetitions
        planned[role.arm]["confirmed epochs"] += scale.repetitions * configuration["epochs"]
    return planned


def most_finalists(study: Study, arm: Arm, scale: Scale) -> int:
    """How many finalists an arm has at most, the printed configuration among them; none where that is its only draw."""
    rivals = min(scale.finalists, scale.trials - study.starts_printed(arm))
    return rivals + 1 if rivals else 0


def budget(planned: Budgets) -> Check:
    """B15 of what is planned for the choice of each arm: as of what is spent on it, in `analysis.audit.tuned`."""
    chosen = {
        arm: {name: value for name, value in each.items() if not name.startswith("confirmed")}
        for arm, each in planned.items()
        if any(each.values())
    }
    if not chosen:
        return not_applicable("B15", EVEN, "No arm is trained.")
    return Check(**vars(even(chosen, "Planned")))


def probed(study: Study, store: Store) -> Check:
    """B16: whether the audio of test clips changes the inputs of training clips, for each front end of the arms."""
    printed = {json.dumps(feature_settings(found)): found for found in map(study.printed, study.arms)}
    split = Divisions(store).of(study.configured(study.arms[0], {"protocol": HEADLINE.name})).split
    return worst([probe(store, split, each) for each in printed.values()], "front ends")


def probe(store: Store, split: Split, configuration: Configuration) -> Check:
    """B16 for one configuration: features of a few training clips beside test clips as they are, and beside noise."""
    kept = evenly(split.train, PROBED)
    others = evenly(np.setdiff1d(split.test, kept), PROBED)
    clips = [row for pair in zip(kept, others, strict=False) for row in pair]
    places = np.arange(0, len(clips), 2)
    before, after = (
        features_of(excerpt(store, clips, noisy), configuration, places) for noisy in (set(), set(others.tolist()))
    )
    return normalisation(before, after)


def excerpt(store: Store, rows: Sequence[int], noisy: set[int]) -> Store:
    """A small store of some clips, in this order, with loud noise in place of the noisy ones."""
    noise = np.random.default_rng(0)
    samples = [
        noise.integers(-(2**15), 2**15, len(store.samples(row)), np.int16) if row in noisy else store.samples(row)
        for row in rows
    ]
    starts = np.cumsum([0, *(len(each) for each in samples[:-1])])
    clips = store.clips.iloc[list(rows)].reset_index(drop=True).assign(start=starts)
    return replace(store, audio=np.concatenate(samples), clips=clips)


def features_of(store: Store, configuration: Configuration, clips: np.ndarray) -> np.ndarray:
    features = build(store, configuration, torch.device("cpu"))
    return np.asarray(features.rows(features.segments.of(clips)[0]))
