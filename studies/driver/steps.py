"""The numbers of epochs by which a run that stops when it is decided grows."""

import math

from analysis.verdicts.learning import judged_by_curves
from studies.scale import Scale
from studies.study import Study
from trainables.trainings import grows

PART = 6
"""Which part of the most epochs a step is, after the first."""


def steps(study: Study, scale: Scale) -> list[int]:
    """The numbers of epochs after which a run looks at what has been learned, and last the most that it may train.

    There is one number unless the run stops when it is decided, and its scale names no epochs, which are then meant.
    There is one, too, for a study of which a claim needs the printed epochs, of which no claim is about learning, or in
    which a trial of few epochs is not the beginning of one of many; and for one that estimates importances from its
    explored trials, which are trained to the end.
    """
    most = scale.epochs_of(study.epochs)
    grown = scale.until_decided and not scale.epochs and judged_by_curves(study.claims) and study.exploration == "tpe"
    if not grown or not all(grows(study.printed(arm)) for arm in study.arms):
        return [most]
    return steps_to(most)


def steps_to(most: int) -> list[int]:
    """A third of the most epochs, at which a study is explored, and a sixth more each time.

    Trials go on where they were: a step costs no training but that of an arm which then chooses otherwise.
    """
    return sorted({math.ceil(most * part / PART) for part in range(PART // 3, PART + 1)})


def explored_at(study: Study, scale: Scale) -> Scale:
    """The scale at which a study is explored: that of the first step."""
    return scale.at(steps(study, scale)[0])
