"""Every detector of flaws (B1 to B19) finds the flaw that was planted for it, and passes what is clean."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_study import small_study

from analysis.audit import results_card, tested, tuned
from analysis.claims import Better
from analysis.runs import TEST_EVALUATIONS, Run
from analysis.verdicts.verdict import Verdict
from studies.checks import augmentations, design
from studies.study import Study, arm
from trainables.corpora import CORPORA, gtzan, irmas
from trainables.corpora.audit import copies, groups, inputs, labels
from trainables.corpora.audit.card import card
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.gtzan_lists import TEST, TRAIN, VALIDATION, runs
from trainables.corpora.splits import Split
from trainables.corpora.store import Store

RATE, SECONDS = 16_000, 2.0


def split(train: list[int], validation: list[int], test: list[int]) -> Split:
    return Split(*(np.array(rows, np.int64) for rows in (train, validation, test)))


# Two classes of six clips: train, validation and test of each two, in the order of the table.
CLEAN = split([0, 1, 6, 7], [2, 3, 8, 9], [4, 5, 10, 11])
LEAKY = split([0, 1, 4, 6, 7], [2, 3, 8, 9], [5, 10, 11])


def table(**columns: Any) -> pd.DataFrame:
    """Two classes, three groups each, two clips a group."""
    label = np.repeat(["oboe", "viola"], 6)
    group = np.repeat([f"{name} {pitch}" for name in ("oboe", "viola") for pitch in "ABC"], 2)
    clip = [f"{name}_{number}.wav" for number, name in enumerate(group)]
    frame = pd.DataFrame({"clip": clip, "label": label, "group": group, "digest": clip})
    return frame.assign(**columns)


def notes() -> pd.DataFrame:
    return table(pitch=list("AABBCC") * 2)


def excerpts(numbers: str) -> pd.DataFrame:
    """Clips named as IRMAS names them, one recording a digit."""
    names = [f"[{'cel' if place < 6 else 'flu'}][cla]000{digit}__{place}.wav" for place, digit in enumerate(numbers)]
    return table(clip=names)


def with_excerpts(count: int) -> pd.DataFrame:
    """The clips beside so many excerpts of the official part, of two labels each."""
    excerpts = pd.DataFrame({"part": "test", "labels": "oboe|viola"}, index=range(count))
    return pd.concat([table(part="train", labels="oboe"), excerpts], ignore_index=True)


def songs(outside: bool) -> pd.DataFrame:
    """Songs of the fault-filtered lists, or, in the test part, songs of none."""
    songs = [run[0] for part in (TRAIN, VALIDATION, TEST) for run in (runs(part, "blues") + runs(part, "rock"))[-2:]]
    songs = [song for song in songs for _ in range(2)]
    order = [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11]
    chosen = [songs[place] for place in order]
    return table(song=[*chosen[:4], "reggae.00086", *chosen[5:]] if outside else chosen)


def tail(ordered: bool) -> tuple[pd.DataFrame, Split]:
    """Three classes of ten clips, in the order of their files; the last third validates, or each third one."""
    clips = pd.DataFrame({"label": np.repeat(["a", "b", "c"], 10), "clip": [f"{n:02}" for n in range(30)]})
    rows = np.arange(30)
    validates = rows >= 20 if ordered else rows % 3 == 0
    return clips, Split(rows[~validates], rows[validates], rows[:0])


def told(name: str) -> Any:
    """The check of a side feature that is the label, half of it, or noise."""
    clips = pd.DataFrame({"label": np.repeat(list("abcd"), 50)})
    random = np.random.default_rng(0)
    clips["velocity"] = random.choice([25, 50, 75], 200)
    clips["family"] = clips["label"].map({"a": 3, "b": 1, "c": 2, "d": 0})
    clips["instrument_str"] = random.choice(["x", "y"], 200)
    rows = random.permutation(200)
    return inputs.side_features(
        clips, Split(rows[:120], rows[120:], rows[:0]), ["velocity", name], ["velocity", "family"]
    )


def tune(seed: int) -> np.ndarray:
    """Eight random notes of a quarter of a second, of two harmonics each."""
    random = np.random.default_rng(seed)
    time = np.arange(int(RATE * SECONDS / 8)) / RATE
    tones = [np.exp(-4 * time) * np.sin(2 * np.pi * hertz * time) for hertz in random.uniform(150, 2000, 16)]
    return np.concatenate([a + 0.5 * b for a, b in zip(tones[::2], tones[1::2], strict=True)]) / 2


def heard(copied: bool) -> Fingerprints:
    """Twelve tunes; if `copied`, one of the test part is a quieter, later, noisy copy of one of the training part."""
    tunes = [tune(seed) for seed in range(12)]
    if copied:
        noise = np.random.default_rng(9).normal(size=len(tunes[1])) * tunes[1].std() * 0.03
        tunes[5] = 0.3 * np.roll(tunes[1] + noise, 3000)
    audio = np.round(20_000 * np.concatenate(tunes)).astype(np.int16)
    clips = table(start=np.arange(12) * len(tunes[0]), length=len(tunes[0]))
    return Fingerprints(audio, RATE, clips)


def compared(**settings: Any) -> Study:
    """A study of two arms that differ in these settings of the second one."""
    claims = (Better(finding="S4-F14", better="other", worse="plain"),)
    return small_study(arm("plain"), arm("other", **settings), claims=claims, epochs=2)


@dataclass(frozen=True)
class World:
    """What some cases need: a run with made-up results, a folder to change it in, and a small store."""

    run: Run
    folder: Path
    store: Store
    patch: pytest.MonkeyPatch

    def with_ledger(self, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Run:
        """The run with another ledger."""
        lines = [json.loads(line) for line in (self.run.path / TEST_EVALUATIONS).read_text().splitlines()]
        text = "".join(f"{json.dumps(line)}\n" for line in change(lines))
        (self.folder / TEST_EVALUATIONS).write_text(text)
        return replace(self.run, path=self.folder)

    def with_trials(self, **columns: Any) -> Run:
        """The run with other values in its confirmed trials."""
        trials = self.run.trials.copy()
        for name, value in columns.items():
            trials.loc[trials["phase"] == "confirm", name] = value
        return replace(self.run, trials=trials)

    def with_corpus(self, corpus: str, accuracy: float) -> Run:
        """The run on another corpus, with that accuracy everywhere."""
        study = {**self.run.study, "data": {**self.run.study["data"], "corpus": corpus}}
        return replace(self.with_trials(test_accuracy=accuracy), study=study)

    def with_winner(self, lead: float) -> Run:
        """The run in which the winner of each arm led its fresh seeds by so much in every epoch."""
        trials, epochs = self.run.trials.copy(), self.run.epochs.copy()
        for name in self.run.arms:
            mine = trials[(trials["arm"] == name) & (trials["state"] == "complete")]
            refits = mine[(mine["phase"] == "confirm") & (mine["configuration"] == "chosen")]
            level = epochs[epochs["trial"].isin(refits["trial"])].groupby("epoch")["validation_accuracy"].mean()
            winner = mine[mine["phase"] == "explore"].nlargest(1, "validation_accuracy")["trial"].item()
            curve = (level + lead).to_numpy()
            epochs.loc[epochs["trial"] == winner, "validation_accuracy"] = curve
            trials.loc[(trials["arm"] == name) & (trials["phase"] == "explore"), "validation_accuracy"] = 0.0
            trials.loc[trials["trial"] == winner, "validation_accuracy"] = curve[-1]
        return replace(self.run, trials=trials, epochs=epochs)

    def with_known_groups(self, better: bool) -> Run:
        """The run in which half of the groups are trained on, and alone answered right, or not better than others."""
        known = self.run.predictions["group"].rank(method="dense") % 2 == 0
        label = self.run.predictions["label"].astype(str)
        answers = label.where(known, "none") if better else label
        return replace(self.run, predictions=self.run.predictions.assign(group_trained_on=known, prediction=answers))

    def with_stacking(self, distance: float, p: float) -> Run:
        """The run in which every trial has two networks, and the entropies of the first one's outputs are so apart."""
        return replace(self.run, epochs=self.run.epochs.assign(entropy_distance=distance, entropy_p=p))

    def with_effort(self, factor: float) -> Run:
        """The run in which the first arm explored so many times as long."""
        trials = self.run.trials.copy()
        explored = trials["phase"] == "explore"
        trials.loc[explored, ["epochs", "cpu_seconds"]] = [10, 5.0]
        trials.loc[explored & (trials["arm"] == self.run.arms[0]), "cpu_seconds"] *= factor
        return replace(self.run, trials=trials)

    def normalised(self, together: bool) -> Any:
        """B16 with a front end that multiplies by the loudest sample of a batch, or each clip by its own."""
        dim = (0, 1) if together else (1,)
        built = design.build

        def build(*arguments: Any) -> Any:
            features = built(*arguments)
            inner = features.of
            features.of = lambda waves, rows: inner(waves, rows) * waves.abs().amax(dim, keepdim=True)[..., None, None]
            return features

        self.patch.setattr(design, "build", build)
        return design.probed(compared(kernel="3x8"), self.store)


def ratio(effect: float) -> list[Verdict]:
    return [Verdict("S4-F1", "", "DIR", "corrected", "inconclusive", margin=2.0, smallest_detectable=effect)]


def explored_and_tested(world: World) -> Run:
    """A run of which one explored trial was tested as well."""
    explored = world.run.trials.loc[world.run.trials["phase"] == "explore", "trial"].iloc[0]
    return world.with_ledger(lambda lines: [*lines, {**lines[0], "trial": explored}])


Case = Callable[[World], Any]
ROWS = np.arange(12.0)[:, None]
CASES: dict[str, tuple[Case, Case]] = {
    # Name: with the flaw, without it.
    "B1 groups": (lambda w: groups.groups_crossing(table(), LEAKY), lambda w: groups.groups_crossing(table(), CLEAN)),
    "B1 groups of validation": (
        lambda w: groups.groups_crossing(table(), split([0, 1, 2, 6, 7], [3, 8, 9], [4, 5, 10, 11])),
        lambda w: groups.groups_crossing(table(), CLEAN),
    ),
    "B1 nearest neighbour": (
        lambda w: groups.neighbours(table(), LEAKY.train, LEAKY.test, ROWS),
        lambda w: groups.neighbours(table(), CLEAN.train, CLEAN.test, ROWS),
    ),
    "B2 excerpts by name": (
        lambda w: groups.excerpts_crossing(excerpts("112331445566"), CLEAN),
        lambda w: groups.excerpts_crossing(excerpts("112233445566"), CLEAN),
    ),
    "B2 copies by sound": (
        lambda w: copies.alike("B2", heard(True).clips, CLEAN, heard(True)),
        lambda w: copies.alike("B2", heard(False).clips, CLEAN, heard(False)),
    ),
    "B2 copies by samples": (
        lambda w: copies.identical("B2", table(digest=list("abcdafghijkl")), CLEAN),
        lambda w: copies.identical("B2", table(), CLEAN),
    ),
    "B3 official test part": (
        lambda w: irmas.official_test_part(with_excerpts(0), CLEAN),
        lambda w: irmas.official_test_part(with_excerpts(irmas.TEST_CLIPS), CLEAN),
    ),
    "B3 a part of the official test part": (
        lambda w: irmas.official_test_part(with_excerpts(irmas.TEST_CLIPS - 1), CLEAN),
        lambda w: irmas.official_test_part(with_excerpts(irmas.TEST_CLIPS), CLEAN),
    ),
    "B4 instruments": (
        lambda w: groups.instruments_crossing(table(instrument=list("abcdaf") + list("ghijkl")), CLEAN),
        lambda w: groups.instruments_crossing(table(instrument=list("abcdef") + list("ghijkl")), CLEAN),
    ),
    "B4 evaluation part": (
        lambda w: groups.evaluation_part(table(part=["valid"] * 6 + ["train"] * 6), CLEAN),
        lambda w: groups.evaluation_part(table(part=["train", "train", "valid", "valid", "test", "test"] * 2), CLEAN),
    ),
    "B5 the last third validates": (
        lambda w: labels.labels_apart(*tail(True)),
        lambda w: labels.labels_apart(*tail(False)),
    ),
    "B6 songs outside the lists": (
        lambda w: gtzan.filtered_lists(songs(True), CLEAN),
        lambda w: gtzan.filtered_lists(songs(False), CLEAN),
    ),
    "B4 right on what is trained on": (
        lambda w: tested.familiar(w.with_known_groups(True)),
        lambda w: tested.familiar(w.with_known_groups(False)),
    ),
    "B6 songs of one run": (
        lambda w: gtzan.filtered_lists(songs(False), LEAKY),
        lambda w: gtzan.filtered_lists(songs(False), CLEAN),
    ),
    "B6 too accurate": (
        lambda w: tested.ceiling(w.with_corpus("gtzan", 0.96)),
        lambda w: tested.ceiling(w.with_corpus("gtzan", 0.94)),
    ),
    "B7 notes": (lambda w: groups.notes_crossing(notes(), LEAKY), lambda w: groups.notes_crossing(notes(), CLEAN)),
    "B7 one recording under two labels": (
        lambda w: copies.identical("B7", notes().assign(digest=list("abcdefgbijkl")), CLEAN),
        lambda w: copies.identical("B7", notes(), CLEAN),
    ),
    "B7 copies by sound": (
        lambda w: copies.alike("B7", heard(True).clips, CLEAN, heard(True)),
        lambda w: copies.alike("B7", heard(False).clips, CLEAN, heard(False)),
    ),
    "B6 copies by sound": (
        lambda w: copies.alike("B6", heard(True).clips, CLEAN, heard(True)),
        lambda w: copies.alike("B6", heard(False).clips, CLEAN, heard(False)),
    ),
    "B6 copies by samples": (
        lambda w: copies.identical("B6", table(digest=list("abcdafghijkl")), CLEAN),
        lambda w: copies.identical("B6", table(), CLEAN),
    ),
    "B8 seeds": (lambda w: design.seeds(7), lambda w: design.seeds(8)),
    "B9 validated on the test part": (
        lambda w: labels.selection_on_test(table(), split([0, 6], [4, 5], [4, 5, 10, 11])),
        lambda w: labels.selection_on_test(table(), CLEAN),
    ),
    "B9 chosen by the test part": (
        lambda w: labels.chosen_on_test(CLEAN.test, LEAKY.test),
        lambda w: labels.chosen_on_test(CLEAN.test, CLEAN.validation),
    ),
    "B9 tested while exploring": (
        lambda w: tested.evaluations(explored_and_tested(w)),
        lambda w: tested.evaluations(w.run),
    ),
    "B9 tested twice": (
        lambda w: tested.evaluations(w.with_ledger(lambda lines: [*lines, {**lines[0], "digest": "again"}])),
        lambda w: tested.evaluations(w.with_ledger(lambda lines: lines)),
    ),
    "B9 tested beside the ledger": (
        lambda w: tested.evaluations(w.with_ledger(lambda lines: lines[1:])),
        lambda w: tested.evaluations(w.run),
    ),
    "B10 a lucky winner": (
        lambda w: tuned.optimism(w.with_winner(0.045)),
        lambda w: tuned.optimism(w.with_winner(0.005)),
    ),
    "B11 imbalance": (
        lambda w: labels.imbalance(table(), split([0], [6], [2, 3, 4, 5, 10])),
        lambda w: labels.imbalance(table(), CLEAN),
    ),
    "B12 two factors": (
        lambda w: design.factors(compared(kernel="3x8", bands=128), {"plain": 100, "other": 101}),
        lambda w: design.factors(compared(kernel="3x8"), {"plain": 100, "other": 101}),
    ),
    "B12 another size": (
        lambda w: design.factors(compared(kernel="3x8"), {"plain": 438_366, "other": 390_264}),
        lambda w: design.factors(compared(kernel="3x8"), {"plain": 438_366, "other": 438_366}),
    ),
    "B12 an augmentation that changes nothing": (
        lambda w: augmentations.reaching(compared(augmentation="volume"), w.store),
        lambda w: augmentations.reaching(compared(augmentation="noise"), w.store),
    ),
    "B13 stacking in a run": (
        lambda w: tuned.stacked(w.with_stacking(0.4, 1e-9)),
        lambda w: tuned.stacked(w.with_stacking(0.05, 1e-9)),
    ),
    "B13 stacking in a run of few items": (
        lambda w: tuned.stacked(w.with_stacking(0.4, 1e-9)),
        lambda w: tuned.stacked(w.with_stacking(0.4, 0.2)),
    ),
    "B14 gap": (
        lambda w: tuned.gaps(w.with_trials(train_accuracy=0.99, validation_accuracy=0.9)),
        lambda w: tuned.gaps(w.with_trials(train_accuracy=0.94, validation_accuracy=0.9)),
    ),
    "B15 planned": (
        lambda w: design.budget({"a": {"trials": 40, "epochs": 400}, "b": {"trials": 30, "epochs": 400}}),
        lambda w: design.budget({"a": {"trials": 40, "epochs": 400}, "b": {"trials": 40, "epochs": 380}}),
    ),
    "B15 spent": (lambda w: tuned.effort(w.with_effort(1.3)), lambda w: tuned.effort(w.with_effort(1.1))),
    "B16 normalisation": (lambda w: w.normalised(together=True), lambda w: w.normalised(together=False)),
    "B17 the label as a number": (lambda w: told("family"), lambda w: told("velocity")),
    "B17 a name of the instrument": (lambda w: told("instrument_str"), lambda w: told("velocity")),
    "B18 few samples": (
        lambda w: tested.samples({"gan": [512] * 4 + [60]}),
        lambda w: tested.samples({"gan": [512] * 5}),
    ),
    "B18 few seeds": (lambda w: tested.samples({"gan": [512] * 4}), lambda w: tested.samples({"gan": [600] * 6})),
    "B19 a small test part": (
        lambda w: labels.size_of_test(pd.DataFrame({"group": ["a", "b"] * 400}), np.arange(624)),
        lambda w: labels.size_of_test(pd.DataFrame({"group": ["a", "b"] * 400}), np.arange(625)),
    ),
    "B19 a margin too small": (lambda w: tested.detectable(ratio(2.6)), lambda w: tested.detectable(ratio(1.9))),
}


@pytest.fixture(scope="module")
def made_up(synthetic_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    names = ("LeNet_5*5_64*80", "LSTM_64_64*80")
    claims = (Better(finding="S4-F5", better=names[0], worse=names[1]),)
    plan = {"arms": names, "claims": claims, "labels": ("banjo", "cello"), "notes": 3, "epochs": 6, "explored": 4}
    return Run.load(synthetic_run(tmp_path_factory.mktemp("audit") / "run", repetitions=2, **plan))


@pytest.fixture(scope="module")
def noise() -> Store:
    """Twelve clips of noise of a second, three pitches of each of two instruments."""
    clips = table(label=np.repeat(["oboe", "viola"], 6), start=np.arange(12) * 44_100, length=44_100, onset=0)
    audio = np.random.default_rng(0).integers(-9000, 9000, 12 * 44_100, dtype=np.int16)
    return Store(Path("none"), "digest", 44_100, True, audio, clips, pd.DataFrame(), {})


@pytest.fixture
def world(made_up: Run, noise: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(made_up, tmp_path, noise, monkeypatch)


@pytest.mark.parametrize("name", CASES)
def test_what_was_planted_is_found(name: str, world: World) -> None:
    found = CASES[name][0](world)
    assert (found.id, found.outcome) == (name.partition(" ")[0], "fail"), found.explanation


@pytest.mark.parametrize("name", CASES)
def test_what_is_clean_passes(name: str, world: World) -> None:
    found = CASES[name][1](world)
    assert found.outcome == "pass", found.explanation


def test_every_flaw_of_the_list_has_a_case() -> None:
    assert {name.partition(" ")[0] for name in CASES} == {f"B{number}" for number in range(1, 20)}


def test_every_check_of_every_card_has_a_case(world: World) -> None:
    here = {(found.id, found.name) for planted, _ in CASES.values() for found in [planted(world)]}
    clips = heard(False).clips.assign(pitch="A", instrument="one", part="test", labels="oboe", song="rock.00001")
    sounds = heard(False).over(clips)
    before = [check for corpus in CORPORA.values() for check in card(corpus, sounds, [CLEAN])]
    after = results_card(world.run, [])
    study = compared(kernel="3x8")
    assert {(check.id, check.name) for check in [*before, *after]} <= here
    assert {check.id for check in design.design_card(study, scale(), world.store, {"plain": 1, "other": 1})} <= {
        name.partition(" ")[0] for name in CASES
    }


def scale() -> Any:
    from studies.scale import SCALES  # noqa: PLC0415

    return SCALES["laptop"]
