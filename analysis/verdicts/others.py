"""Rules for slopes on a property of the item, costs and facts."""

import math

import numpy as np

from analysis.claims import Cost, Fact
from analysis.claims import Slope as SlopeClaim
from analysis.metrics import METRICS, correct
from analysis.statistics import clustered_slope, median_interval
from analysis.verdicts.cells import Confirmed, Untestable
from analysis.verdicts.differences import parameters_of
from analysis.verdicts.evidence import Evidence, rule
from analysis.verdicts.sentences import basis, number


@rule(SlopeClaim)
def slope(claim: SlopeClaim, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """Odds ratio per standard deviation in the claimed direction, off 1 and at least the margin."""
    if claim.covariate not in data.run.predictions:
        raise Untestable(f"The predictions have no column '{claim.covariate}'.")
    cells = data.cells((claim.arm,))
    trials = data.rows.loc[data.rows["arm"] == claim.arm, "trial"]
    items = data.run.predictions[data.run.predictions["trial"].isin(trials)].dropna(subset=[claim.covariate])
    turn = 1.0 if claim.direction == "rises" else -1.0
    try:
        fit = clustered_slope(
            correct(items).to_numpy().astype(np.float64),
            turn * items[claim.covariate].to_numpy(float),
            items["label"].to_numpy(str),
            items["group"].to_numpy(str),
        )
    except (ValueError, np.linalg.LinAlgError) as error:
        raise Untestable(f"No slope on '{claim.covariate}' can be fitted: {error}.") from None
    ratio, (low, high) = math.exp(fit.effect), (math.exp(x) for x in fit.limits())
    return Evidence(
        holds=ratio >= claim.margin,
        fails=True,
        said=f"{basis(cells.n, fit.groups, paired=False)} the odds of a right answer of {claim.arm} change by a factor "
        f"of {ratio:.2f} per standard deviation of {claim.covariate}, in the claimed direction (95 % interval "
        f"{low:.2f} to {high:.2f})",
        ends={
            "reproduced": f"it is off 1 and at least {claim.margin}",
            "contradicted": f"a factor of {claim.margin} is excluded",
            "inconclusive": f"a factor of {claim.margin} is neither shown nor excluded",
        },
        effect=ratio,
        limits=(low, high),
        limits90=(math.exp(fit.limits(0.90)[0]), math.exp(fit.limits(0.90)[1])),
        unit="odds ratio per SD",
        n=cells.n,
        groups=fit.groups,
        p=fit.p_above(0.0),
        p_below=fit.p_below(math.log(claim.margin)),
        label="reversed" if high < 1 else "negligible" if low > 1 else "null",
    )


@rule(Cost)
def cost(claim: Cost, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """The median ratio dearer / cheaper over paired runs; parameters are counted and exact."""
    if claim.metric == "parameters":
        return _exact_cost(claim, data)
    cells = data.cells(claim.arms, claim.metric)
    values, words = cells.per_repetition(), METRICS[claim.metric].words
    if not (values > 0).all(axis=None):
        raise Untestable(f"A ratio in {words} needs values above 0, and some are not.")
    median, low, high = median_interval((values[claim.dearer] / values[claim.cheaper]).to_numpy(float))
    said = f"{basis(cells.n, 0)} the median ratio of {claim.dearer} to {claim.cheaper} in {words} is "
    interval = f"(95 % interval {low:.2f} to {high:.2f})" if math.isfinite(low) else "(too few seeds for an interval)"
    return Evidence(
        holds=low > claim.margin,
        fails=high < claim.margin,
        said=f"{said}{median:.2f} {interval}",
        ends=_cost_ends(claim.margin),
        effect=median,
        limits=(low, high) if math.isfinite(low) else (math.nan, math.nan),
        unit="ratio",
        n=cells.n,
        label="reversed" if high < 1 else "null",
    )


def _cost_ends(margin: float) -> dict[str, str]:
    return {
        "reproduced": f"it is above {margin}",
        "contradicted": f"a ratio of {margin} is excluded",
        "inconclusive": f"a ratio of {margin} is neither shown nor excluded",
    }


def _exact_cost(claim: Cost, data: Confirmed) -> Evidence:
    cheaper, dearer = parameters_of(data, claim.cheaper), parameters_of(data, claim.dearer)
    ratio = dearer / cheaper
    return Evidence(
        holds=ratio > claim.margin,
        fails=ratio <= claim.margin,
        said=f"{claim.dearer} has {number(dearer)} parameters and {claim.cheaper} {number(cheaper)}, "
        f"a ratio of {ratio:.2f}",
        ends=_cost_ends(claim.margin),
        effect=ratio,
        limits=(ratio, ratio),
        limits90=(ratio, ratio),
        unit="ratio",
        label="reversed" if ratio < 1 else "null",
        exact=True,
    )


@rule(Fact)
def fact(claim: Fact, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """A figure of the corpus, computed from its files, against the printed one."""
    if data.run.rendered:
        raise Untestable("The audio is a rendered stand-in, of which no fact about the corpus can be computed.")
    value = data.run.facts.get(claim.fact)
    if value is None:
        raise Untestable(f"The files at hand do not say '{claim.fact}'.")
    off = float(value) - claim.printed
    holds = abs(off) <= claim.tolerance * abs(claim.printed) + 1e-9
    tolerance = f" (tolerance {100 * claim.tolerance:.0f} %)" if claim.tolerance else ""
    return Evidence(
        holds=holds,
        fails=not holds,
        said=f"Computed from the files, {claim.fact} is {figure(float(value))}; "
        f"printed is {figure(claim.printed)}{tolerance}",
        ends={"reproduced": "the two agree", "contradicted": "the two disagree"},
        effect=float(value),
        unit="",
        exact=True,
    )


def figure(value: float) -> str:
    """A figure of a corpus: whole numbers without decimals."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4g}"
