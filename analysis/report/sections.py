"""The parts of a run's report that hold figures, each from the run and its verdicts to what its template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import figures
from analysis.confirmed import Confirmed
from analysis.figures.kernels import extent
from analysis.figures.style import Style, protocol_style
from analysis.metrics import METRICS
from analysis.protocols import BASE, HEADLINE, PUBLISHED, protocol_name
from analysis.report.embed import Embed, Embedded
from analysis.report.rows import ClaimRow, FindingRow, differing, printed_figures
from analysis.runs import Run
from analysis.verdicts.verdict import Verdict

ByProtocol = Mapping[str, Confirmed]
Styles = Mapping[str, Style]
MARGIN = "Right: as claimed. Shaded: the margin, within which a difference does not count."


@dataclass(frozen=True)
class ClaimSection:
    """One claim with its figures and the settings in which its arms differ."""

    row: ClaimRow
    differing: dict[str, list[str]]
    line: Embedded | None
    runs: Embedded | None
    slopes: tuple[Embedded, ...]


@dataclass(frozen=True)
class FindingSection:
    """One finding with its claims."""

    row: FindingRow
    claims: tuple[ClaimSection, ...]


def forest(judged: Sequence[Verdict], embed: Embed) -> Embedded | None:
    """All claims on one axis per unit; None where nothing was measured."""
    data = figures.forest_data(judged)
    if data.rows.empty:
        return None
    caption = (
        "Right of the line: as claimed. Thick: 90 % interval; thin: 95 %, unadjusted for the number of claims. "
        "Shaded: each claim's margin. "
        "Open diamond: what the document printed, where it printed a figure."
    )
    label = f"Verdict forest: effects of {data.rows['claim'].nunique()} claims with their intervals."
    return embed(figures.draw_forest(data), label, caption)


def finding_sections(confirmed: ByProtocol, rows: Sequence[FindingRow], embed: Embed) -> list[FindingSection]:
    """Every finding with the figures of its claims."""
    return [FindingSection(row, tuple(claim_section(confirmed, claim, embed) for claim in row.claims)) for row in rows]


def claim_section(confirmed: ByProtocol, row: ClaimRow, embed: Embed) -> ClaimSection:
    """A claim's forest line, every run's difference, and its paired slopes under each protocol."""
    apart = differing(confirmed[HEADLINE.name].run, row.claim.arms)
    measured = [v for v in row.verdicts if v.n]
    if not measured or not row.claim.by_run:
        return ClaimSection(row, apart, None, None, ())
    name = row.claim.name
    line = figures.draw_forest(figures.forest_data(measured)).update_traces(showlegend=False)
    runs = figures.differences_data(confirmed, row.claim, measured)
    return ClaimSection(
        row,
        apart,
        embed(line, f"Effect of {name} with its interval.", title="Effect and interval"),
        embed(figures.draw_differences(runs), f"Every run of {name} beside the interval.", every_run(runs), "Every run")
        if len(runs.intervals)
        else None,
        tuple(slope(confirmed[verdict.protocol], row, embed) for verdict in measured if len(row.claim.arms) > 1),
    )


def every_run(data: figures.Differences) -> str:
    """What the small and the large markers are."""
    n = int(data.runs.groupby(["comparison", "protocol"]).size().max()) if len(data.runs) else 0
    return f"Small markers: the {n} paired seeds; large: their mean with its 95 % interval. {MARGIN}"


def slope(confirmed: Confirmed, row: ClaimRow, embed: Embed) -> Embedded:
    """The paired slopes of a claim under one protocol."""
    data = figures.slopes_data(confirmed, row.claim)
    style = protocol_style(confirmed.protocol)
    label = f"{METRICS[row.claim.metric].axis} of each seed over the arms of {row.claim.name}."
    title = f"Paired runs, {protocol_name(confirmed.protocol)}"
    return embed(figures.draw_slopes(data, style), label, "One line per seed; large: the mean.", title)


def learning_curves(confirmed: Confirmed, styles: Styles, embed: Embed) -> dict[str, Any] | None:
    """All arms in one figure, then each arm with all that it explored; None where nothing was trained."""
    run = confirmed.run
    if run.epochs.empty or not run.arms:
        return None
    together = figures.curves_data(confirmed, run.arms)
    each = [figures.arm_curves_data(confirmed, arm) for arm in run.arms]
    tops = [data.explored["epoch"].max() for data in each] + [data.means["epoch"].max() for data in each]
    top = int(max((t for t in tops if t == t), default=1))  # noqa: PLR0124  (NaN is not itself)
    drawn = [
        embed(figures.draw_arm_curves(data, styles[data.arm], top), f"Learning curves of {data.arm}.", title=data.arm)
        for data in each
    ]
    all_arms = (
        embed(figures.draw_curves(together, styles), "Learning curves of all arms, confirmed runs.")
        if together.arms
        else None
    )
    return {"together": all_arms, "arms": drawn}


def explored(run: Run, styles: Styles, embed: Embed) -> dict[str, Any] | None:
    """The parameter under study with the others tuned away, and each tuned parameter; None without explored trials."""
    data = figures.explored_data(run)
    if data.trials.empty:
        return None
    best = "Large: the best trial that ran to the end; small: every trial; open: stopped early."
    isolation = embed(figures.draw_isolation(data, styles), "Best explored validation accuracy of each arm.", best)
    tuned = [
        embed(
            figures.draw_explored(data, parameter, styles),
            f"Validation accuracy of the explored trials against {parameter}.",
            "Open markers: stopped early, at the accuracy that they had reached.",
            parameter.replace("_", " "),
        )
        for parameter in data.parameters
    ]
    return {"isolation": isolation, "tuned": tuned}


def confusions(confirmed: Confirmed, embed: Embed) -> list[Embedded]:
    """A confusion matrix for each arm that was tested under a protocol."""
    found = [(arm, figures.confusion_data(confirmed, arm)) for arm in confirmed.run.arms]
    return [
        embed(
            figures.draw_confusion(data), f"Confusion matrix of {arm}, {protocol_name(confirmed.protocol)}.", title=arm
        )
        for arm, data in found
        if data.labels
    ]


def leakage(confirmed: ByProtocol, arms: Sequence[str], embed: Embed) -> Embedded | None:
    """Accuracies under all protocols; None before anything was tested."""
    data = figures.leakage_data(confirmed, arms)
    if data.levels.empty:
        return None
    caption = (
        f"The line joins “{PUBLISHED.title}” and “{BASE.title}”, which differ in the grouping alone: the inflation."
    )
    return embed(figures.draw_leakage(data), "Test accuracy of each arm under each protocol.", caption)


def costs(run: Run, confirmed: Confirmed, styles: Styles, embed: Embed) -> dict[str, Any]:
    """What each arm took, and accuracy against the time of an epoch."""
    data = figures.costs_data(run, confirmed)
    drawn = (
        embed(figures.draw_costs(data, styles), "Test accuracy against seconds per epoch.")
        if data.arms["accuracy"].notna().any()
        else None
    )
    return {
        "figure": drawn,
        "arms": data.arms.to_dict("records"),
        "devices": data.devices,
        "uneven": uneven(data.arms["epochs"]),
    }


def uneven(epochs: Any) -> float | None:
    """The largest ratio of epochs between two arms where it exceeds 1.2 (B15), else None."""
    spent = [float(e) for e in epochs if e > 0]
    ratio = max(spent) / min(spent) if spent else 1.0
    return ratio if ratio > 1.2 else None


def architectures(run: Run) -> list[dict[str, Any]]:
    """Layer tables of the arms, with the figure of the document that each stands for."""
    tables = figures.layers_data(run.study["architectures"], run.arms)
    drawings = printed_figures(run, "layers")
    return [
        {
            "arm": table.arm,
            "parameters": table.parameters,
            "layers": table.layers.to_dict("records"),
            "figures": [figure.id for figure, arms in drawings if table.arm in arms],
        }
        for table in tables
    ]


def protocol_matrix(protocols: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The checks of all protocols side by side: id, name, and what each protocol's check says, None where it has none.

    In the order of the ids, each check once; `applies` says whether it does under any protocol.
    """
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for protocol, card in protocols.items():
        for check in card.get("checks", []):
            cells.setdefault((check["id"], check["name"]), {})[protocol] = check
    ordered = sorted(cells.items(), key=lambda item: int(item[0][0][1:]))
    return [
        {
            "id": id,
            "name": name,
            "checks": [found.get(protocol) for protocol in protocols],
            "applies": any(check["outcome"] != "not applicable" for check in found.values()),
        }
        for (id, name), found in ordered
    ]


def kernels(run: Run, embed: Embed) -> dict[str, Any] | None:
    """The kernel shapes of the arms over the example; None where there are none or nothing to draw them on.

    The example is of the first arm; kernels of other front ends have other axes.
    """
    settings = [arm["settings"] for arm in run.study["study"]["arms"]]
    alike = [each for each in settings if each.get("front_end") == settings[0].get("front_end")]
    data = figures.kernels_data(run.study["example"], [str(each.get("kernel", "")) for each in alike])
    if data is None or not data.kernels:
        return None
    label = f"Kernel shapes over the features of {data.label}: {'; '.join(map(extent, data.kernels))}."
    caption = (
        f"Kernels, bands by frames, at their true size over {data.clip} ({data.label}). Bands are not equally far "
        "apart, so a kernel's extent in Hz depends on where it lies."
    )
    printed = [figure.id for figure, _ in printed_figures(run, "kernels")]
    drawn = embed(figures.draw_kernels(data), label, caption)
    return {"figure": drawn, "extents": [extent(k) for k in data.kernels], "printed": " · ".join(printed)}


def printed_curves(confirmed: Confirmed, styles: Styles, embed: Embed) -> list[Embedded]:
    """Accuracy over epochs, as the document's figures show it, with bands over seeds; those with two arms or more."""
    drawn: list[Embedded] = []
    if confirmed.run.epochs.empty:
        return drawn
    for figure, arms in printed_figures(confirmed.run, "curves"):
        data = figures.curves_data(confirmed, arms)
        if len(arms) > 1 and data.arms:
            title = f"{figure.id} · {figure.title}"
            label = f"{title}: accuracy over epochs of {', '.join(data.arms)}."
            caption = f"As printed, {PUBLISHED.title}; bands: 95 % over seeds."
            drawn.append(embed(figures.draw_curves(data, styles, 320), label, caption, title))
    return drawn
