"""The order of a run: what is planned after what, and the looks of a run that stops when it is decided.

1. Explore.
2. Choose: the finalists, at the epochs at which they are confirmed.
3. Confirm. While explore and choose wait for their last trials, the printed configurations are trained.

A run until it is decided goes through these with growing numbers, and every trial goes on where it was:

1. Explore, at the epochs of the first step: about a third of the printed ones, or those that the user named.
2. For each step: choose at its epochs, and the first repetitions, which are not tested. A look at validation curves
   alone then says which arms of claims still learn. If any does, the next step follows; the last has the most epochs.
3. The same repetitions at the epochs that were reached, tested.
4. A look after 8, 12, 16, 24 and 32 repetitions: the arms of undecided claims get those up to the next look, under the
   protocols in which they are undecided.

A look is written into study.json before anything follows from it. A run that goes on reads it there, so that no look
is taken twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from analysis.looks import LOOKS, Look, Open
from analysis.runs import STUDY, Run
from analysis.text import looked
from analysis.verdicts.learning import moving
from analysis.verdicts.stopping import open_claims
from studies.console import remark
from studies.driver.choosing import Choose, choices, choose_plan
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.run import read_description
from studies.driver.steps import steps
from studies.scale import Scale
from studies.study import Study
from studies.tasks import Confirm, Plan, Queue, confirm_plan
from trainables.storage import files

Repetitions = Mapping[tuple[str, str], int]
"""By arm and protocol."""


@dataclass
class Course:
    """Plans the trials of a run, one phase after the other."""

    directory: Path
    study: Study
    scale: Scale
    digest: str
    explore: Explore
    choose: Choose
    confirm: Confirm

    def planned(self) -> Iterator[Queue]:
        """Plan; yields each queue whose end the next plan waits for.

        Raises UserError for an arm that has nothing to choose from.
        """
        first, *_, last = [*steps(self.study, self.scale), self.scale.epochs_of(self.study.epochs)]
        self._confirm_printed(first, tested=first == last)
        yield self.explore
        settled = last
        for epochs, following in self._steps():
            yield from self._confirm_all(epochs, tested=False)
            yield self.confirm
            if not self._still_learn(epochs, following):
                settled = epochs
                break
        yield from self._confirm_all(settled, tested=True)
        if self.scale.until_decided:
            yield from self._until_decided(settled)

    def _steps(self) -> list[tuple[int, int]]:
        """Each step but the last, with the next one."""
        return list(pairwise(steps(self.study, self.scale)))

    def _confirm_printed(self, epochs: int, *, tested: bool) -> None:
        plan = confirm_plan(self.study, self.scale.at(epochs), None, self.digest)
        self.confirm.follow(plan, evaluates=tested, stage=self._stage(epochs, self.scale.repetitions, tested=tested))

    def _confirm_all(self, epochs: int, *, tested: bool) -> Iterator[Queue]:
        """Plan choose at these epochs, and then all of confirm for the first repetitions."""
        self._confirm_printed(epochs, tested=tested)
        self.choose.follow(choose_plan(self.study, self.scale.at(epochs), self.explore, self.digest))
        yield self.choose
        self._confirm_more(epochs, {}, tested=tested)

    def _confirm_more(self, epochs: int, repetitions: Repetitions, *, tested: bool = True) -> None:
        """Plan all of confirm, with as many repetitions of an arm under a protocol as are given, or the first ones."""
        chosen = choices(self.study, self.scale.at(epochs), self.explore, self.directory, self.digest)
        plan: Plan = confirm_plan(self.study, self.scale.at(epochs), chosen, self.digest, repetitions)
        most = max(repetitions.values(), default=self.scale.repetitions)
        self.confirm.follow(plan, evaluates=tested, stage=self._stage(epochs, most, tested=tested))

    def _stage(self, epochs: int, repetitions: int, *, tested: bool) -> str:
        """What of a run until it is decided is confirmed, for the display."""
        if not self.scale.until_decided:
            return ""
        return f"{repetitions} repetitions of {epochs} epochs" + ("" if tested else ", untested")

    def _until_decided(self, epochs: int) -> Iterator[Queue]:
        """Add repetitions where claims are undecided, look by look."""
        repetitions: dict[tuple[str, str], int] = {}
        for n, following in zip(LOOKS, [*LOOKS[1:], 0], strict=True):
            yield self.confirm
            look = self._look(epochs, n, epochs, open_claims, tested=True)
            if not look.open or not following:
                return
            repetitions |= {(each.arm, each.protocol): following for each in look.open}
            self._confirm_more(epochs, repetitions)

    def _still_learn(self, epochs: int, following: int) -> bool:
        """Look at the validation curves of a step."""
        return bool(self._look(epochs, self.scale.repetitions, following, moving, tested=False).open)

    def _look(
        self,
        epochs: int,
        repetitions: int,
        following: int,
        find: Callable[[Run], tuple[Open, ...]],
        *,
        tested: bool,
    ) -> Look:
        """The look after so many epochs and repetitions: the recorded one, or one that is taken and recorded now."""
        taken = looks(self.directory)
        for look in taken:
            if (look.epochs, look.repetitions, look.tested) == (epochs, repetitions, tested):
                return look
        gather(self.directory, self.explore)
        found = find(Run.load(self.directory))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        look = Look(epochs, repetitions, tested, found, following if found else epochs, now)
        description = read_description(self.directory)
        files.replace_json(self.directory / STUDY, {**description, "looks": [asdict(each) for each in [*taken, look]]})
        remark(f"Looked {looked(look)}.")
        return look


def looks(directory: Path) -> list[Look]:
    """The looks that a run has taken, in order."""
    return [Look.read(look) for look in read_description(directory).get("looks", ())]
