"""A study on other audio than its document's: a conceptual replication, never the verdict of a finding.

With the study goes a list of what the move changes, and of what cannot be moved: levels, facts, and claims with figures
or classes of the document's corpus; arms with settings that mean something only there.
"""

from collections.abc import Collection, Mapping

from analysis.claims import Claim
from analysis.metrics import METRICS
from studies.study import ELSEWHERE, Arm, Reduced, Replicates, Study, check
from trainables.corpora import CORPORA
from trainables.errors import InvalidSetting, unknown
from trainables.registry import Value
from trainables.resolving import SYNONYMS, chosen_parts, known_settings, parts, spelled

Settings = Mapping[str, Value]
Changed = dict[str, tuple[Value | None, Value | None]]


class Immovable(InvalidSetting):
    """A study of which nothing can be tested on another corpus."""


def moved(study: Study, corpus: str, texts: Mapping[str, str]) -> Study:
    """The study on another corpus, every arm with the settings that `texts` spell in place of its own.

    Settings that mean nothing there are dropped, such as those of the protocols of the study's corpus. Raises
    InvalidSetting for an unknown corpus or setting, naming the nearest, and for a setting in which arms differ,
    Immovable where no claim can be moved.
    """
    if CORPORA[corpus].name == study.corpus:
        raise Immovable(f"{corpus} is the corpus of this study itself: leave --corpus away.")
    placed = settled(study, corpus, texts)
    arms, claims = arms_left_out(study.corpus, placed), claims_left_out(study, placed)
    arms = unclaimed(study, claims.keys()) | arms
    if len(claims) == len(study.claims):
        # Of arms that stay behind for the same reason the first.
        unlike = {reason: f"arm '{name}'" for name, reason in reversed(arms_left_out(study.corpus, placed).items())}
        reasons = {**claims, **{name: reason for reason, name in unlike.items()}}
        raise Immovable(f"No claim of this study can be moved to {corpus}: {'; '.join(listed(reasons))}.")
    kept = [arm.name for arm in study.arms if arm.name not in arms]
    result = placed.model_copy(
        update={
            "arms": tuple(arm for arm in placed.arms if arm.name in kept),
            "claims": tuple(claim for claim in study.claims if claim.name not in claims),
            "inflation": tuple(name for name in study.inflation if name in kept),
            "replicates": Replicates(
                corpus=study.corpus,
                settings=texts,
                changed=changed(study, placed),
                left_out=(*listed(claims), *listed({f"arm '{name}'": reason for name, reason in arms.items()})),
            ),
        }
    )
    check(result)
    return result


def settled(study: Study, corpus: str, texts: Mapping[str, str]) -> Study:
    """The study with another corpus and with the settings that hold for every arm there; its arms and claims are whole.

    Raises InvalidSetting for a setting that cannot be given, or that some arm does not have.
    """
    for name in texts:
        if name in ELSEWHERE:
            raise InvalidSetting(f"--set {name}: that is given {ELSEWHERE[name]}; leave it out.")
        if values := differing(study, name):
            had = ", ".join(f"'{arm}' has {value!r}" for arm, value in values.items())
            raise InvalidSetting(f"--set {name}: arms differ in it ({had}); leave it out.")
    others = {**study.fixed, **(study.arms[0].settings if study.arms else {}), "corpus": corpus}
    given = {name: value for name, value in spelled(texts, others).items() if name in texts}
    placed = study.model_copy(update={"corpus": corpus, "fixed": {**study.fixed, **given}})
    known = {arm.name: known_to(placed, arm) for arm in study.arms}
    for arm, names in known.items():
        if strange := [name for name in texts if name not in names]:
            raise unknown(f"setting of arm '{arm}'", strange[0], names, SYNONYMS)
    common = set[str].intersection(*(set(names) for names in known.values())) if known else set(study.fixed)
    fixed = {name: value for name, value in placed.fixed.items() if name in common}
    reduced = among(study.reduced, common - set(texts))
    arms = tuple(
        arm.model_copy(
            update={
                "settings": {name: value for name, value in arm.settings.items() if name not in texts},
                "reduced": among(arm.reduced, known[arm.name].keys() - set(texts)),
            }
        )
        for arm in placed.arms
    )
    return placed.model_copy(update={"fixed": fixed, "reduced": reduced, "arms": arms})


def differing(study: Study, name: str) -> Settings:
    """Two arms with different values of a setting, which may be those of their architectures; {} if all have the same.

    An LSTM has no convolutions, and with the widths of another arm it would be another network.
    """
    own = {arm.name: {**known_to(study, arm), **study.fixed, **arm.settings} for arm in study.arms}
    values = [(arm, settings[name]) for arm, settings in own.items() if name in settings]
    other = [each for each in values if each[1] != values[0][1]]
    return dict([values[0], other[0]]) if other else {}


def among(reduced: Reduced, names: Collection[str]) -> Reduced:
    """What is reduced of the settings of these names."""
    return {scale: {name: form[name] for name in form if name in names} for scale, form in reduced.items()}


def known_to(study: Study, arm: Arm) -> Settings:
    """The settings that an arm has, with their defaults."""
    return known_settings(parts(chosen_parts({**study.fixed, **arm.settings, "corpus": study.corpus})))


def arms_left_out(corpus: str, placed: Study) -> dict[str, str]:
    """The arms that cannot be trained where a study that was of a corpus is placed, and why."""
    return {arm.name: reason for arm in placed.arms if (reason := why_not_arm(corpus, placed, arm))}


def claims_left_out(study: Study, placed: Study) -> dict[str, str]:
    """The claims that cannot be tested where a study is placed, and why."""
    arms = arms_left_out(study.corpus, placed)
    return {claim.name: reason for claim in study.claims if (reason := why_not_claim(claim, arms))}


def unclaimed(study: Study, left_out: Collection[str]) -> dict[str, str]:
    """The arms that only claims are about which are left out."""
    kept = {name for claim in study.claims if claim.name not in left_out for name in claim.arms}
    claimed = {name for claim in study.claims for name in claim.arms}
    return {arm.name: "no claim that can be moved is about it" for arm in study.arms if arm.name in claimed - kept}


def why_not_arm(corpus: str, placed: Study, arm: Arm) -> str:
    """Why an arm of a study that was of a corpus cannot be trained where it is placed; "" if it can."""
    known = known_to(placed, arm)
    if strange := [name for name in arm.settings if name not in known]:
        return f"{strange[0]} is a setting of {corpus} alone"
    own, there = {**placed.fixed, **arm.settings}, CORPORA[placed.corpus]
    if (labels := str(own.get("labelled_by", ""))) and labels not in there.labellings:
        return f"its clips are labelled by {labels}, which {placed.corpus} does not say"
    columns = str(own.get("side_features", ""))
    missing = [name for name in columns.split("+") if name and name not in there.side_features]
    return f"its networks are told the {missing[0]} of a clip, which {placed.corpus} does not say" if missing else ""


def why_not_claim(claim: Claim, arms: Collection[str]) -> str:
    """Why a claim cannot be tested on other audio, without these arms; "" if it can. No effect is 0 on any audio."""
    if claim.stays:
        return claim.stays
    if figures := [constant for constant in claim.constants if constant and not METRICS[claim.metric].absolute]:
        return f"{figures[0]:g} is a figure of its corpus"
    missing = [name for name in claim.arms if name in arms]
    return f"arm '{missing[0]}' cannot be moved" if missing else ""


def changed(study: Study, placed: Study) -> Changed:
    """What differs between a study and where it is placed, by name, before and after."""
    here, there = CORPORA[study.corpus], CORPORA[placed.corpus]
    classes = (len(here.classes), len(there.classes)) if here.classes and there.classes else (0, 0)
    own = study.printed(study.arms[0]).settings if study.arms else study.fixed
    # What an arm has of its own it keeps.
    moved_to = {**placed.fixed, **(placed.arms[0].settings if placed.arms else {})}
    settings = {name: (own.get(name), moved_to.get(name)) for name in {**study.fixed, **placed.fixed}}
    # A user's own corpus has the rate of its folder, which is known when it is opened.
    rates = {"sampling rate in Hz": (here.rate, there.rate)} if there.rate else {}
    pairs = {**rates, "classes": classes, **settings}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def listed(reasons: Mapping[str, str]) -> list[str]:
    return [f"{name}: {reason}" for name, reason in reasons.items()]
