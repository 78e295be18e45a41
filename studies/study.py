"""A study as pure data: arms, what is tuned, what is fixed, and the claims registered before the run."""

from collections.abc import Collection, Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Annotated, Any

from optuna.distributions import BaseDistribution
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    field_validator,
    model_validator,
)

import studies
from analysis import findings
from analysis.claims import Claim
from analysis.errors import RunError
from analysis.findings import DOCUMENTS
from analysis.protocols import PROTOCOLS, judging, protocol_named
from search_spaces import Space
from trainables.configuration import Configuration
from trainables.errors import InvalidSetting, UserError, unknown
from trainables.registry import Value

MINIMUM_REPETITIONS = 8
FILE = ".py"
"""What the name of a study ends in that is the path of its file."""

ELSEWHERE: Mapping[str, str] = {
    "corpus": "by the study's `corpus`",
    "epochs": "by the study's `epochs` and by the scale",
    "protocol": "by the `protocols` of its claims",
    **dict.fromkeys(("seed", "split_seed", "fold", "folds"), "by the scale"),
}
"""Settings of a trial that neither arms nor spaces of a study have, and by what they are given."""


class Frozen(BaseModel):
    """Checked when made, unchangeable after; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Arm(Frozen):
    """One value of what is under study: the settings in which this arm differs from the others."""

    name: str
    settings: Mapping[str, Value]

    @field_validator("name")
    @classmethod
    def _can_name_a_file(cls, name: str) -> str:
        if not name.strip(".") or not name.isprintable():
            raise ValueError(f"the arm's name is {name!r}: give it one that can be read")
        return name


def arm(name: str, **settings: Value) -> Arm:
    return Arm(name=name, settings=settings)


class Scale(Frozen):
    """How much is spent on a study.

    `trials` per arm are explored for at most `explore_epochs`, stopped by successive halving from `grace` epochs on
    with factor `reduction`; `repetitions` fresh seeds are confirmed for `confirm_epochs` (0: what the document
    printed), over `folds` folds where a protocol has folds. Only a scale that `decides` can give a verdict.
    """

    name: str
    trials: int = Field(ge=1)
    explore_epochs: int = Field(ge=1)
    grace: int = Field(ge=1)
    reduction: int = Field(default=3, ge=2)
    repetitions: int = Field(ge=1)
    confirm_epochs: int = Field(ge=0)
    folds: int = Field(default=1, ge=1)
    all_cells: bool = False
    decides: bool = True

    @model_validator(mode="after")
    def _fair(self) -> "Scale":
        # A shorter grace period favours arms that learn fast at first over those that end higher.
        if 3 * self.grace < self.explore_epochs:
            raise ValueError(f"grace is {self.grace}: it must be at least a third of {self.explore_epochs} epochs")
        return self

    def cells(self, protocols: Collection[str]) -> list[tuple[str, str]]:
        """What confirm trains under these protocols: pairs of a configuration and a protocol, the judged ones first."""
        judged = [(str(each.judged_by), each.name) for each in PROTOCOLS.values() if each.name in protocols]
        others = [(str(each.other), each.name) for each in judging() if each.name in protocols]
        return judged + others if self.all_cells else judged

    def folds_of(self, protocol: str) -> int:
        """In how many folds data are divided under a protocol; 1 where it has none."""
        return self.folds if protocol_named(protocol).folded else 1

    @property
    def rungs(self) -> list[int]:
        """The epochs after which weak trials are stopped."""
        rungs, epoch = [], self.grace
        while epoch < self.explore_epochs:
            rungs.append(epoch)
            epoch *= self.reduction
        return rungs


SCALES: Mapping[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale(name="smoke", trials=3, explore_epochs=3, grace=1, repetitions=2, confirm_epochs=3, decides=False),
        Scale(name="laptop", trials=4, explore_epochs=9, grace=3, repetitions=8, confirm_epochs=10),
        Scale(
            name="cluster",
            trials=40,
            explore_epochs=100,
            grace=34,
            reduction=2,
            repetitions=10,
            confirm_epochs=0,
            folds=5,
            all_cells=True,
        ),
    )
}


def scale_named(name: str) -> Scale:
    """The scale of that name, or an error that names the nearest one."""
    if name not in SCALES:
        raise unknown("scale", name, SCALES)
    return SCALES[name]


def as_space(value: Any) -> Any:
    """A plain mapping as a space in which every dimension always applies; raises ValueError for anything else."""
    mapping = value if isinstance(value, Mapping) else {0: value}
    if not all(isinstance(name, str) and isinstance(each, BaseDistribution) for name, each in mapping.items()):
        raise ValueError("it is no search space: join dimensions of search_spaces, such as learning_rate(1e-4, 1e-2)")
    return value if isinstance(value, Space) else Space(value)


class Study(Frozen):
    """One question of a document, its arms and its registered claims.

    `fixed` holds for every arm; `tuned` is what each arm may choose for itself, `where` it has such a setting;
    `guessed` names what the document leaves open and this study had to choose; `epochs` is the budget that the document
    printed.
    """

    document: str
    section: str
    title: str
    question: str
    corpus: str
    epochs: int = Field(ge=1)
    fixed: Mapping[str, Value]
    arms: tuple[Arm, ...] = ()
    tuned: Annotated[InstanceOf[Space], BeforeValidator(as_space)] = Space()
    claims: tuple[InstanceOf[Claim], ...] = ()
    guessed: tuple[str, ...] = ()

    @field_validator("document")
    @classmethod
    def _registered(cls, document: str) -> str:
        if document not in DOCUMENTS:
            raise unknown("document", document, DOCUMENTS)
        return document

    @model_validator(mode="after")
    def _sound(self) -> "Study":
        names = [arm.name for arm in self.arms]
        if len(set(names)) < len(names):
            raise ValueError("two arms have the same name")
        self._check_places()
        for claim in self.claims:
            self._check_claim(claim)
        return self

    def _check_places(self) -> None:
        settings = {f"arm '{arm.name}'": arm.settings for arm in self.arms}
        for place, given in {"fixed": self.fixed, "tuned": self.tuned, **settings}.items():
            if misplaced := ELSEWHERE.keys() & given:
                name = min(misplaced)
                raise ValueError(f"{place} has '{name}', which is given {ELSEWHERE[name]}: leave it out there")
        for arm in self.arms:
            if both := set(self.tuned) & set(arm.settings):
                raise ValueError(f"'{min(both)}' is tuned and differs between arms: it can be only one of the two")

    def _check_claim(self, claim: Claim) -> None:
        known = [finding.id for finding in findings.of(self.document)]
        if claim.finding not in known:
            raise unknown(f"finding of {self.document}", claim.finding, known)
        for name in claim.arms:
            self.arm(name)

    @property
    def findings(self) -> list[str]:
        """Ids of the findings that the claims of this study test."""
        return list(dict.fromkeys(claim.finding for claim in self.claims))

    def printed(self, arm: Arm) -> Configuration:
        return self.configured(arm, {"epochs": self.epochs})

    def configured(self, arm: Arm, settings: Mapping[str, Value]) -> Configuration:
        """The arm with further settings.

        Raises InvalidSetting for an unknown name (with the nearest known one) or a value of the wrong type.
        """
        # Here alone a study needs what it trains: to make or to list studies, nobody waits for torch.
        from trainables.resolving import resolve  # noqa: PLC0415

        return resolve({"corpus": self.corpus, **self.fixed, **arm.settings, **settings})

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

    def arm(self, name: str) -> Arm:
        for candidate in self.arms:
            if candidate.name == name:
                return candidate
        raise unknown("arm", name, [candidate.name for candidate in self.arms])


def names() -> list[str]:
    """The names of all studies, 'document/study'; a document is a package, and its studies are modules with a STUDY.

    Raises InvalidSetting for a file that cannot be imported.
    """
    return [name for name in modules() if hasattr(imported(name), "STUDY")]


def modules() -> list[str]:
    """The names of all modules in the folders of registered documents, none of which is imported for that."""
    written = [module.name for module in iter_modules(studies.__path__) if module.name in DOCUMENTS]
    return sorted(
        f"{document}/{module.name}"
        for document in written
        for module in iter_modules(import_module(f"studies.{document}").__path__)
    )


def imported(name: str) -> ModuleType:
    """The module of a study; raises InvalidSetting, whatever it is that its file does wrong."""
    try:
        return executed(name) if name.endswith(FILE) else import_module(f"studies.{name.replace('/', '.')}")
    except (Exception, SystemExit) as error:
        raise unusable(name, error) from error


def executed(path: str) -> ModuleType:
    """A file as a module that is not one of this package."""
    spec = spec_from_file_location(Path(path).stem, path)
    assert spec and spec.loader  # The suffix is that of a module.
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unusable(name: str, error: BaseException) -> InvalidSetting:
    return InvalidSetting(f"The file of study '{name}' cannot be used: {wrong(error)}: mend it there.")


def wrong(error: BaseException) -> str:
    """What an error says, in a line; of those of a model the first."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        return f"{error.title}{f', {where}' if where else ''}: {first['msg']}"
    said = " ".join(str(error).split()).rstrip(".")
    return said if isinstance(error, UserError | RunError) else f"{type(error).__name__}{f': {said}' if said else ''}"


def declared(name: str) -> Study:
    """The study of that name, or at that path where it ends in .py, as its file declares it.

    Raises InvalidSetting for an unknown name, naming the nearest one, and for a file that makes no study. Another file
    that is broken is no reason.
    """
    if name.endswith(FILE) and not Path(name).is_file():
        raise InvalidSetting(f"There is no file {name} here: write the path of a study's file, or the name of a study.")
    if not name.endswith(FILE) and name not in modules():
        raise unknown("study", name, names())
    study = getattr(imported(name), "STUDY", None)
    if not isinstance(study, Study):
        raise InvalidSetting(
            f"Study '{name}' defines no STUDY of type Study: see studies/yun_bi/units.py, for example."
        )
    return study


def load(name: str) -> Study:
    """The study of that name, with all its settings checked; raises InvalidSetting where `declared` or `check` do."""
    study = declared(name)
    try:
        check(study)
    except Exception as error:
        raise unusable(name, error) from error
    return study


def check(study: Study) -> None:
    """Raise InvalidSetting for an arm that no trial can have, or tune as the study says, and for two that are alike."""
    from trainables.recipe.recipes import recipe_of  # noqa: PLC0415

    configurations = []
    for arm in study.arms:
        # For a recipe that nothing can be trained by, and for what the arm does not have.
        _ = recipe_of(study.printed(arm)), study.printed_choice(arm)
        configurations.append(study.printed(arm).settings)
    if any(first == second for i, first in enumerate(configurations) for second in configurations[:i]):
        raise InvalidSetting("Two arms have the same settings: leave one out.")


def described(study: Study, name: str) -> dict[str, Any]:
    """The study as plain values, for the run directory."""
    return {
        "name": name,
        "document": study.document,
        "section": study.section,
        "title": study.title,
        "question": study.question,
        "findings": study.findings,
        "arms": [{"name": arm.name, "settings": dict(study.printed(arm).settings)} for arm in study.arms],
        "fixed": dict(study.fixed),
        "tuned": {parameter: study.tuned.described(parameter) for parameter in study.tuned},
        "claims": [claim.model_dump() for claim in study.claims],
        "guessed": list(study.guessed),
        "budget_epochs": study.epochs,
    }
