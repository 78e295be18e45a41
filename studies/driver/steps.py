"""The numbers of epochs by which a run that stops when it is decided grows."""

import math

from analysis.verdicts.learning import judged_by_curves
from studies.scale import Scale
from studies.study import Study
from trainables.trainings import grows

STEPS = 3


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
    return sorted({math.ceil(most * step / STEPS) for step in range(1, STEPS + 1)})


def explored_at(study: Study, scale: Scale) -> Scale:
    """The scale at which a study is explored: that of the first step."""
    return scale.at(steps(study, scale)[0])
