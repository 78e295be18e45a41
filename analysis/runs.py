"""The run directory: its files and columns, and how they are read. Nothing here writes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pyarrow import ArrowException

from analysis import findings
from analysis.by_trial import ByTrial
from analysis.columns import TABLES, numeric, required
from analysis.errors import RunError
from analysis.findings import Finding
from analysis.looks import Look
from analysis.metrics import RIGHT, answered, correct
from analysis.protocols import protocol_named

STUDY, TRIALS, EPOCHS, PREDICTIONS = "study.json", "trials.parquet", "epochs.parquet", "predictions.parquet"
EXCERPTS = "excerpts.parquet"
STEPS, SOUNDS = "steps.parquet", "sounds.json"
PICTURES = "pictures.json"
MISTAKES = "mistakes.json"
TEST_EVALUATIONS, VERDICTS = "test_evaluations.jsonl", "verdicts.csv"
T = TypeVar("T")
SECTIONS = ("study", "scale", "data", "protocols", "architectures", "example", "rungs", "provenance", "progress")
TRIAL_COLUMNS, EPOCH_COLUMNS = required(TABLES[TRIALS]), required(TABLES[EPOCHS])
PREDICTION_COLUMNS, STEP_COLUMNS = required(TABLES[PREDICTIONS]), required(TABLES[STEPS])
EXCERPT_COLUMNS, LEDGER_COLUMNS = required(TABLES[EXCERPTS]), required(TABLES[TEST_EVALUATIONS])
MEASURES = tuple(column.name for column in TABLES[TRIALS] if not column.always)
"""Columns of the trial table that older versions did not write: NaN there."""
NUMBERS = frozenset[str]().union(*map(numeric, TABLES.values()))
TRIAL_KEY = ("trial", "phase", "arm", "configuration", "protocol", "repetition", "fold")


@dataclass(frozen=True)
class Run:
    """A run as its directory tells it: `study` is study.json, the tables are as `studies` gathered them.

    `excerpts` has no rows unless the corpus has published test excerpts, on which every tested trial was tested (B3),
    `steps` none unless a generator was trained: a row for each step of a confirmed trial, in order.
    """

    path: Path
    study: dict[str, Any]
    trials: pd.DataFrame
    epochs: pd.DataFrame
    predictions: pd.DataFrame
    excerpts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EXCERPT_COLUMNS)))
    steps: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(STEP_COLUMNS)))

    @classmethod
    def load(cls, path: Path | str, finished: bool = False) -> "Run":
        """Read a run directory.

        Raises RunError where a file is missing or unreadable, where a table lacks a column or has other values than it
        may have, or, with `finished`, where the run has trials left to do.
        """
        path = Path(path)
        study = _study(path)
        if finished and not study["progress"].get("finished", False):
            raise RunError(f"The run in {path} is not finished: 'etude resume {path}' goes on with it.")
        further = {
            "excerpts": (path / EXCERPTS, EXCERPT_COLUMNS, EXCERPT_COLUMNS[:2]),
            "steps": (path / STEPS, STEP_COLUMNS, ()),
        }
        return cls(
            path,
            study,
            _with_measures(_table(path / TRIALS, TRIAL_COLUMNS, TRIAL_KEY)),
            _table(path / EPOCHS, EPOCH_COLUMNS, EPOCH_COLUMNS[:2]),
            _table(path / PREDICTIONS, PREDICTION_COLUMNS, PREDICTION_COLUMNS[:2]),
            **{name: _table(*table) for name, table in further.items() if table[0].exists()},
        )

    @property
    def name(self) -> str:
        """The study's name, "yun_bi/kernel_shape"."""
        return str(self.study["study"]["name"])

    @property
    def arms(self) -> list[str]:
        return [str(arm["name"]) for arm in self.study["study"]["arms"]]

    @cached_property
    def settings(self) -> dict[str, dict[str, Any]]:
        """The settings of each arm as printed."""
        return {str(arm["name"]): dict(arm["settings"]) for arm in self.study["study"]["arms"]}

    @property
    def document(self) -> str:
        """The name of the document whose claims the study tests; "" for a study of no document."""
        return str(self.study["study"].get("document") or "")

    @property
    def statements(self) -> dict[str, str]:
        """The sentence of each finding, by its id, of a study of no document."""
        return dict(self.study["study"].get("statements") or {})

    def finding(self, id: str) -> Finding | None:
        """The finding of that id: of the study itself, or of a document; None for one that is known to neither."""
        if id in self.statements:
            kinds = dict.fromkeys(c["kind"] for c in self.study["study"]["claims"] if c["finding"] == id)
            return Finding(id, "", "", " + ".join(kinds), self.statements[id])
        return next((each for each in findings.all() if each.id == id), None)

    @property
    def labels(self) -> list[str]:
        """The labels of the corpus, in the order of the logits."""
        return [str(label) for label in self.study["data"].get("labels", ())]

    @property
    def facts(self) -> dict[str, float | None]:
        """Figures of the corpus computed from its files."""
        return dict(self.study["data"].get("facts", {}))

    @property
    def rendered(self) -> bool:
        """Whether the audio is a rendered stand-in."""
        return bool(self.study["data"]["rendered"])

    @property
    def decides(self) -> bool:
        """Whether the scale is large enough for a verdict."""
        return bool(self.study["scale"]["decides"])

    @property
    def until_decided(self) -> bool:
        """Whether repetitions are added, look by look, until the claims are decided."""
        return bool(self.study["scale"].get("until_decided"))

    @property
    def looks(self) -> list[Look]:
        """The looks of a run that stops when decided, in order."""
        return [Look.read(look) for look in self.study.get("looks") or ()]

    @property
    def budget(self) -> tuple[int, int]:
        """Epochs of each confirmed trial, and how many the document printed; 0 where the study does not say."""
        printed = int(self.study["study"].get("budget_epochs") or 0)
        spent = self.looks[-1].next_epochs if self.looks else int(self.study["scale"].get("epochs") or printed)
        return spent, printed

    @property
    def reduced_budget(self) -> bool:
        """Whether trials were confirmed with fewer epochs than the document printed."""
        spent, printed = self.budget
        return 0 < spent < printed

    @property
    def reduced_form(self) -> dict[str, dict[str, Any]]:
        """By arm, the settings that replaced its own because those are too dear here; no arm that has its full form."""
        study = self.study["study"]
        forms = {arm["name"]: {**study.get("reduced", {}), **arm.get("reduced", {})} for arm in study["arms"]}
        return {name: form for name, form in forms.items() if form}

    @property
    def untrained(self) -> dict[str, str]:
        """The arms that could not be trained where the study was run, each with the reason."""
        return dict(self.study["study"].get("untrained") or {})

    @property
    def shared_gpu(self) -> bool:
        """Whether a launch let several trials run on one GPU at a time."""
        launches = self.study["provenance"].get("launches", [])
        return any(0 < float(launch.get("gpus_per_trial") or 0) < 1 for launch in launches)

    @property
    def replicates(self) -> dict[str, Any]:
        """What a study that was moved to other audio replicates, changes and leaves out; {} for one as documented."""
        return dict(self.study["study"].get("replicates") or {})

    @property
    def elsewhere(self) -> str:
        """The corpus that the study was moved to; "" for one on the corpus of its document."""
        return str(self.study["data"]["corpus"]) if self.replicates else ""

    @property
    def given(self) -> str:
        """The table of results that were trained elsewhere; "" for a run that trained its own."""
        return str(self.study["provenance"].get("given", ""))

    @property
    def itemless(self) -> bool:
        """Whether results were given without test items: one score of each arm and seed."""
        return bool(self.given) and not self.predictions["item"].ne("").any()

    @property
    def ungrouped(self) -> bool:
        """Whether nobody has said which clips of the corpus belong together."""
        return bool(self.study["data"].get("grouping") == "unknown")

    @cached_property
    def pictures(self) -> dict[str, Any]:
        """Pictures of the data as the launch stored them; {} in a run directory without.

        Raises RunError where the file cannot be read.
        """
        return self._stored(PICTURES, dict, {})

    @cached_property
    def sounds(self) -> list[dict[str, Any]]:
        """The sounds that are kept of each arm's first repetition: what they are, their file, flatness, spectrograms.

        Empty in a run that makes none. Raises RunError where the file cannot be read.
        """
        return self._stored(SOUNDS, lambda found: [dict(each) for each in found], [])

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """The clips that are kept of the most frequent mistakes; {} where there are none.

        Raises RunError where the file cannot be read.
        """
        return self._stored(MISTAKES, dict, {})

    def _stored(self, name: str, kind: Callable[[Any], T], without: T) -> T:
        """The content of a JSON file of the run as something of a kind, or what is known `without` the file."""
        file = self.path / name
        try:
            return kind(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else without
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise RunError(f"{file} cannot be read ({error}): delete it, 'etude resume {self.path}' redraws.") from None

    @cached_property
    def test_evaluations(self) -> pd.DataFrame | None:
        """The ledger: one row for each time a trial was evaluated on the test part (B9); None if the run kept none."""
        return _ledger(self.path / TEST_EVALUATIONS)

    @cached_property
    def epochs_of(self) -> ByTrial:
        """The epochs of each trial, in order."""
        return ByTrial(self.epochs.sort_values(["trial", "epoch"]))

    @cached_property
    def predictions_of(self) -> ByTrial:
        return ByTrial(self.predictions)

    @cached_property
    def excerpts_of(self) -> ByTrial:
        return ByTrial(self.excerpts)


def _study(path: Path) -> dict[str, Any]:
    file = path / STUDY
    try:
        study = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunError(f"{path} is no run directory: it has no {STUDY}.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{file} cannot be read ({error}): run the study again to rebuild it.") from None
    whole = study if isinstance(study, dict) else {}
    lacking = [section for section in SECTIONS if not isinstance(whole.get(section), dict)]
    if lacking:
        raise RunError(f"{file} lacks '{lacking[0]}': it was written by another version, or by hand.")
    return whole


def _table(file: Path, columns: tuple[str, ...], key: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(file, page_checksum_verification=True)
    except FileNotFoundError:
        raise RunError(f"{file} is missing: 'etude resume {file.parent}' gathers it from the trials.") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{file} cannot be read ({error}): 'etude resume {file.parent}' rebuilds it.") from None
    if wrong := _wrong(table, columns, key):
        raise RunError(f"{file} {wrong}: 'etude resume {file.parent}' gathers it from the trials again.")
    return table


def _with_measures(trials: pd.DataFrame) -> pd.DataFrame:
    """The trial table with a column for each of `MEASURES`."""
    lacking = [name for name in MEASURES if name not in trials]
    return trials.assign(**dict.fromkeys(lacking, float("nan")))


def _wrong(table: pd.DataFrame, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    """What a table has that it may not have, or lacks; '' if nothing."""
    if lacking := [column for column in columns if column not in table]:
        return f"lacks the column '{lacking[0]}'"
    for column in columns:
        known = table[column].dropna()
        right = pd.api.types.is_numeric_dtype if column in NUMBERS else pd.api.types.is_string_dtype
        if column != "logits" and len(known) and not right(known):
            return f"has other values than {'numbers' if column in NUMBERS else 'text'} in the column '{column}'"
        if column in key and len(known) < len(table):
            return f"has a row without a value in the column '{column}'"
    return f"has a row twice, by {', '.join(key)}" if key and table.duplicated(list(key)).any() else ""


def _ledger(file: Path) -> pd.DataFrame | None:
    """The whole lines of a ledger; a crash may have cut the last one short."""
    if not file.exists():
        return None
    try:
        whole = file.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
        rows = [dict(json.loads(line)) for line in whole if line]
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise RunError(f"{file} cannot be read ({error}): delete that line.") from None
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))


CONFUSED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, ArrowException)


@contextmanager
def understood(path: Path | str) -> Iterator[None]:
    """Raise RunError for whatever fails in what is done within because the files of a run say what none would write."""
    try:
        yield
    except CONFUSED as error:
        raise RunError(
            f"The files of {path} cannot be understood ({type(error).__name__}: {error}): they were changed, or were "
            "written by another version; if not, this is a fault of etude, and `etude --debug` shows where it is."
        ) from error


def confirm(run: Run, protocol: str, configuration: str | None = None) -> pd.DataFrame:
    """The rows of the trial table that a protocol's verdicts use.

    Those are the confirm trials of the configuration that the protocol judges (unless one is given) of every repetition
    that is complete: each tests one fold. Raises RunError, naming the nearest, for an unknown protocol.
    """
    judged = configuration or protocol_named(protocol).judged_by
    rows = run.trials[(run.trials["phase"] == "confirm") & (run.trials["protocol"] == protocol)]
    rows = rows[rows["configuration"] == judged]
    return rows[(rows["state"] == "complete").groupby([rows["arm"], rows["repetition"]]).transform("all")]


def answers_of(run: Run, rows: pd.DataFrame) -> pd.DataFrame:
    """The answers to test items in these rows of the trial table: arm, repetition, group, item, correct (bool).

    Folds of one repetition are joined, so that with whole cross-validation each item stands once in each repetition.
    """
    rows = rows[["trial", "arm", "repetition"]]
    columns = [name for name in (*PREDICTION_COLUMNS[:5], RIGHT) if name in run.predictions]
    items = run.predictions.loc[run.predictions["trial"].isin(rows["trial"]) & answered(run.predictions), columns]
    table = items.merge(rows, on="trial")
    return table.assign(correct=correct(table))[["arm", "repetition", "group", "item", "correct"]]
