"""Whether the times that a claim compares are of what it names, and not of what else ran."""

from analysis.claims import Claim
from analysis.confirmed import Confirmed
from analysis.metrics import METRICS


def badges(claim: Claim, data: Confirmed) -> list[str]:
    """What a reader must know of the times of a claim; nothing of a claim of no times.

    Times on a processor are its own seconds. On a GPU they are wall time, which says how long a network takes only
    where the trial had the GPU to itself.
    """
    if not METRICS[claim.metric].timed:
        return []
    devices = set(data.rows.loc[data.rows["arm"].isin(claim.arms), "device"].dropna())
    marks = {
        "times of different devices": len(devices) > 1,
        "wall time on a shared GPU": bool(devices - {"cpu"}) and data.run.shared_gpu,
    }
    return [badge for badge, shown in marks.items() if shown]
