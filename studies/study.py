"""A study as pure data: arms, what is tuned, what is fixed, and the claims registered before the run."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, field_validator, model_validator

from analysis import findings
from analysis.claims import Claim
from analysis.findings import DOCUMENTS
from analysis.protocols import HEADLINE
from search_spaces import Space
from studies.scale import Frozen, Scale, scale_named
from trainables.configuration import Configuration
from trainables.errors import InvalidSetting, unknown
from trainables.registry import Value

ELSEWHERE: Mapping[str, str] = {
    "corpus": "by the study's `corpus`",
    "epochs": "by the study's `epochs` and by the scale",
    "protocol": "by the `protocols` of its claims",
    **dict.fromkeys(("seed", "split_seed", "fold", "folds"), "by the scale"),
}
"""Settings of a trial that neither arms nor spaces of a study have, and by what they are given."""


Reduced = Mapping[str, Mapping[str, Value]]
"""By the name of a scale the settings that replace others there, because the full form would take too long."""


def once(claim: Claim) -> Claim:
    """The claim, judged under the headline protocol alone where neither it nor its kind names others."""
    of_its_kind = type(claim).model_fields["protocols"].default_factory is None
    if of_its_kind or "protocols" in claim.model_fields_set:
        return claim
    return claim.model_copy(update={"protocols": (HEADLINE.name,)})


def only(reduced: Reduced) -> dict[str, Value]:
    """The settings of the one scale that a study in the form of a scale has left; of several scales, all settings."""
    return {name: value for settings in reduced.values() for name, value in settings.items()}


def of_known_scales(reduced: Reduced) -> Reduced:
    """What it is given; raises InvalidSetting for a scale that does not exist."""
    return {scale_named(name).name: settings for name, settings in reduced.items()}


class Arm(Frozen):
    """One value of what is under study: the settings in which this arm differs from the others.

    It trains `times` as many epochs as the study says: an arm of fewer steps an epoch may have as many in all (S2-F22).
    What is `reduced` holds for this arm alone, beside what the study reduces for all.
    """

    name: str
    settings: Mapping[str, Value]
    times: int = Field(default=1, ge=1)
    reduced: Annotated[Reduced, AfterValidator(of_known_scales)] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _can_name_a_file(cls, name: str) -> str:
        if not name.strip(".") or not name.isprintable():
            raise ValueError(f"the arm's name is {name!r}: give it one that can be read")
        return name


def arm(name: str, *, times: int = 1, reduced: Reduced | None = None, **settings: Value) -> Arm:
    return Arm(name=name, settings=settings, times=times, reduced=reduced or {})


def varied(model: Arm, name: str, *, times: int = 1, reduced: Reduced | None = None, **settings: Value) -> Arm:
    """A model with other settings, under a name of its own.

    At each scale it is reduced as the model is, and by what is `reduced` here in its place.
    """
    settings = {**model.settings, **settings}
    return Arm(name=name, settings=settings, times=times, reduced=both(model.reduced, reduced or {}))


class Replicates(Frozen):
    """What a study on other audio replicates: the `corpus` that its document used.

    `settings` are the user's, as text; `changed` is what differs for the move, by name, before and after, None where
    there is no such thing; `left_out` says what of the study cannot be moved, and why.
    """

    corpus: str
    settings: Mapping[str, str]
    changed: Mapping[str, tuple[Value | None, Value | None]]
    left_out: tuple[str, ...]


def as_space(value: Any) -> Any:
    """A plain mapping as a space in which every dimension always applies; raises ValueError for anything else."""
    if isinstance(value, Space):
        return value
    from optuna.distributions import BaseDistribution

    mapping: Mapping[Any, Any] = value if isinstance(value, Mapping) else {0: value}
    if not all(isinstance(name, str) and isinstance(each, BaseDistribution) for name, each in mapping.items()):
        raise ValueError("it is no search space: join dimensions of search_spaces, such as learning_rate(1e-4, 1e-2)")
    return Space(mapping)


class Study(Frozen):
    """One question of a document, or of one's own, its arms and its registered claims.

    A study without a `document` has `findings` of its own, each a sentence by its id, and its claims are judged under
    the headline protocol unless they say otherwise: nobody has published another.
    `fixed` holds for every arm; `tuned` is what each arm may choose for itself, `where` it has such a setting;
    `guessed` names what the document leaves open and this study had to choose; `epochs` is the budget that the document
    printed, or the study's own. `inflation` names the arms by which the study measures how much the document's own
    split flatters.
    `exploration` says how explored trials are drawn: by "tpe", with weak ones stopped, or independently of their
    results as "random" or "sobol" points, all trained to the end, from which importances can be estimated.
    `reduced` replaces settings of all arms, by the scale at which the full form would take too long; those of one arm
    are its own.
    One that was moved to other audio `replicates` the study that its file declares (see `studies.replication`).
    `untrained` are arms that are not trained where it is run, each with the reason: no file says so.
    """

    document: str = ""
    section: str = ""
    title: str
    question: str
    corpus: str
    epochs: int = Field(ge=1)
    findings: Mapping[str, str] = Field(default_factory=dict)
    fixed: Mapping[str, Value] = Field(default_factory=dict)
    arms: tuple[Arm, ...] = ()
    tuned: Annotated[InstanceOf[Space], BeforeValidator(as_space)] = Space()
    claims: tuple[InstanceOf[Claim], ...] = ()
    guessed: tuple[str, ...] = ()
    inflation: tuple[str, ...] = ()
    exploration: Literal["tpe", "random", "sobol"] = "tpe"
    reduced: Annotated[Reduced, AfterValidator(of_known_scales)] = Field(default_factory=dict)
    replicates: Replicates | None = None
    untrained: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("document")
    @classmethod
    def _registered(cls, document: str) -> str:
        if document and document not in DOCUMENTS:
            raise unknown("document", document, DOCUMENTS)
        return document

    @field_validator("findings")
    @classmethod
    def _sentences(cls, own: Mapping[str, str]) -> Mapping[str, str]:
        registered = {finding.id: finding.document for finding in findings.all()}
        for id, sentence in own.items():
            if id in registered:
                raise ValueError(f"{id} is a finding of {registered[id]}: give yours another id, or its document")
            if not (id.strip() and id.isprintable() and sentence.strip()):
                raise ValueError(f"finding {id!r} says {sentence!r}: give it an id that can be read, and a sentence")
        return own

    @model_validator(mode="before")
    @classmethod
    def _judged_once(cls, fields: Any) -> Any:
        """Without a document, have claims that leave their protocols open judged under the headline alone."""
        if not isinstance(fields, Mapping) or fields.get("document"):
            return fields
        claims = fields.get("claims", ())
        if not all(isinstance(claim, Claim) for claim in claims):
            return fields
        return {**fields, "claims": tuple(map(once, claims))}

    @model_validator(mode="after")
    def _sound(self) -> "Study":
        names = [arm.name for arm in self.arms]
        if len(set(names)) < len(names):
            raise ValueError("two arms have the same name")
        if self.document and self.findings:
            raise ValueError("the findings of a document are in its register: leave out `findings`, or the document")
        self._check_places()
        self._check_exploration()
        for claim in self.claims:
            self._check_claim(claim)
        for name in self.inflation:
            self.arm(name)
        return self

    def _check_places(self) -> None:
        settings = {f"arm '{arm.name}'": {**arm.settings, **only(arm.reduced)} for arm in self.arms}
        common = {"fixed": self.fixed, "tuned": self.tuned, "reduced": only(self.reduced)}
        for place, given in {**common, **settings}.items():
            if misplaced := ELSEWHERE.keys() & given:
                name = min(misplaced)
                raise ValueError(f"{place} has '{name}', which is given {ELSEWHERE[name]}: leave it out there")
        for given in settings.values():
            if twice := {name for name in self.tuned if name in given and self._may_tune(name, given)}:
                raise ValueError(f"'{min(twice)}' is tuned and differs between arms: it can be only one of the two")

    def _may_tune(self, name: str, given: Mapping[str, Value]) -> bool:
        """Whether an arm with these settings may choose a dimension: nothing it states is against its conditions."""
        stated = {**self.fixed, **given}
        conditions = self.tuned.conditions.get(name, {}).items()
        return all(stated.get(setting, values[0]) in values for setting, values in conditions)

    def _check_exploration(self) -> None:
        dependent = {**self.tuned.conditions, **self.tuned.shares}
        for claim in self.claims:
            if claim.fewest_explored and self.exploration == "tpe":
                raise ValueError(f"claim {claim.name} is of importances: give exploration='random' or 'sobol'")
            if others := [name for name in claim.tuned if name not in self.tuned]:
                raise unknown("tuned parameter", others[0], self.tuned)
        if self.exploration != "tpe" and dependent:
            raise ValueError(
                f"'{min(dependent)}' is tuned only where other settings allow it, and the exploration "
                f"'{self.exploration}' needs dimensions that always apply: leave it out or fix it"
            )

    def _check_claim(self, claim: Claim) -> None:
        known = [each.id for each in findings.of(self.document)] if self.document else list(self.findings)
        if claim.finding not in known and not known:
            raise ValueError(f"'{claim.finding}' is in no register: give its sentence, in `findings`, or the document")
        if claim.finding not in known:
            raise unknown(f"finding of {self.document or 'this study'}", claim.finding, known)
        for name in claim.arms:
            self.arm(name)

    @property
    def trained(self) -> tuple[Arm, ...]:
        """The arms that can be trained where the study is run."""
        return tuple(arm for arm in self.arms if arm.name not in self.untrained)

    @property
    def tested(self) -> list[str]:
        """Ids of the findings that the claims of this study test."""
        return list(dict.fromkeys(claim.finding for claim in self.claims))

    def printed(self, arm: Arm) -> Configuration:
        return self.configured(arm, {"epochs": self.epochs})

    def configured(self, arm: Arm, settings: Mapping[str, Value]) -> Configuration:
        """The arm with further settings; `epochs` are the study's, of which the arm may train a multiple.

        Raises InvalidSetting for an unknown name (with the nearest known one) or a value of the wrong type.
        """
        # Here alone a study needs what it trains: to make or to list studies, nobody waits for torch.
        from trainables.resolving import resolve

        epochs = {"epochs": int(str(settings["epochs"])) * arm.times} if "epochs" in settings else {}
        return resolve({"corpus": self.corpus, **self.fixed, **arm.settings, **settings, **epochs})

    @property
    def reduced_at(self) -> list[str]:
        """The scales at which the study, or one of its arms, is reduced."""
        return list(
            dict.fromkeys(scale for reduced in (self.reduced, *(a.reduced for a in self.arms)) for scale in reduced)
        )

    def rungs(self, scale: Scale) -> list[int]:
        """The epochs after which weak explored trials are stopped; none where all are trained to the end."""
        return scale.rungs(self.epochs) if self.exploration == "tpe" else []

    def space(self, arm: Arm) -> Space:
        return self.tuned.within(self.printed(arm).settings)

    def printed_choice(self, arm: Arm) -> dict[str, Value]:
        """The printed values of what an arm may choose for itself.

        Raises InvalidSetting for a dimension that is no setting of the arm.
        """
        settings, space = self.printed(arm).settings, self.space(arm)
        choice: dict[str, Value] = {}
        for name in space:
            if space.applies(name, choice):
                if name not in settings:
                    raise unknown(f"setting of arm '{arm.name}'", name, settings)
                choice[name] = settings[name]
        return choice

    def starts_printed(self, arm: Arm) -> bool:
        """Whether the first draw of an arm is its printed configuration: of TPE, where the space has it."""
        return self.exploration == "tpe" and self.space(arm).holds(self.printed_choice(arm))

    def arm(self, name: str) -> Arm:
        for candidate in self.arms:
            if candidate.name == name:
                return candidate
        raise unknown("arm", name, [candidate.name for candidate in self.arms])


def form(study: Study, scale: str) -> Study:
    """The study as it is run at a scale: with its reduced settings in place of its own, or in full, without any."""
    common = study.reduced.get(scale, {})
    return study.model_copy(
        update={
            "fixed": {**study.fixed, **common},
            "arms": tuple(form_of(arm, scale, common) for arm in study.arms),
            "reduced": at_scale(study.reduced, scale),
        }
    )


def form_of(arm: Arm, scale: str, common: Mapping[str, Value]) -> Arm:
    """The arm at a scale: of what is reduced for all arms it takes the settings that it has itself, and all its own."""
    settings = {**replaced(arm.settings, common), **arm.reduced.get(scale, {})}
    return arm.model_copy(update={"settings": settings, "reduced": at_scale(arm.reduced, scale)})


def at_scale(reduced: Reduced, scale: str) -> Reduced:
    return {scale: reduced[scale]} if reduced.get(scale) else {}


def both(first: Reduced, second: Reduced) -> Reduced:
    """Two reduced forms as one; where they differ the second holds."""
    return {scale: {**first.get(scale, {}), **second.get(scale, {})} for scale in {**first, **second}}


def replaced(settings: Mapping[str, Value], others: Mapping[str, Value]) -> dict[str, Value]:
    """The settings, with the values of those that the others have too."""
    return {name: others.get(name, value) for name, value in settings.items()}


def check(study: Study) -> None:
    """Raise InvalidSetting for an arm that no trial can have, or tune as the study says, and for two that are alike."""
    from trainables.recipe.recipes import recipe_of

    configurations = []
    for arm in study.arms:
        # For a recipe that nothing can be trained by, and for what the arm does not have.
        _ = recipe_of(study.printed(arm)), study.printed_choice(arm)
        refuse_tuned(study, arm)
        configurations.append(study.printed(arm).settings)
    if any(first == second for i, first in enumerate(configurations) for second in configurations[:i]):
        raise InvalidSetting("Two arms have the same settings: leave one out.")


def refuse_tuned(study: Study, arm: Arm) -> None:
    """Raise InvalidSetting for an arm that tunes something and whose training has nothing to choose it by."""
    from trainables.trainings import has_objective

    configuration, space = study.printed(arm), study.space(arm)
    if space and not has_objective(configuration):
        raise InvalidSetting(
            f"Arm '{arm.name}' tunes '{next(iter(space))}' and its training '{configuration['training']}' has no "
            "validation accuracy to choose it by: leave it out of `tuned`, or make arms of its values."
        )


def described(study: Study, name: str) -> dict[str, Any]:
    """The study, in the form of a scale, as plain values for the run directory.

    The directory's name depends on them: a default adds none.
    """
    from optuna.distributions import distribution_to_json

    dimensions = {name: distribution_to_json(each) for name, each in study.tuned.items()}
    drawn = {"exploration": study.exploration, "dimensions": dimensions} if study.exploration != "tpe" else {}
    replicates = {"replicates": study.replicates.model_dump(mode="json")} if study.replicates else {}
    code = sorted({each for arm in study.arms for each in study.printed(arm).code})
    return {
        "name": name,
        "document": study.document,
        "section": study.section,
        "title": study.title,
        "question": study.question,
        "findings": study.tested,
        "arms": [described_arm(study, arm) for arm in study.arms],
        "fixed": dict(study.fixed),
        "tuned": {parameter: study.tuned.described(parameter) for parameter in study.tuned},
        "claims": [claim.model_dump() for claim in study.claims],
        "guessed": list(study.guessed),
        "inflation": list(study.inflation),
        "budget_epochs": study.epochs,
        **({"reduced": only(study.reduced)} if study.reduced else {}),
        **drawn,
        **replicates,
        **({"untrained": dict(study.untrained)} if study.untrained else {}),
        **({"statements": dict(study.findings)} if study.findings else {}),
        **({"code": code} if code else {}),
    }


def described_arm(study: Study, arm: Arm) -> dict[str, Any]:
    reduced = {"reduced": only(arm.reduced)} if arm.reduced else {}
    return {"name": arm.name, "settings": dict(study.printed(arm).settings), **reduced}
