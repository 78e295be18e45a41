"""`etude plan`: what studies would cost and could detect."""

from collections.abc import Sequence

from studies.commands.as_json import FORMAT, Plans, StudyPlan, print_json
from studies.commands.options import (
    HOME,
    Elsewhere,
    Epochs,
    Folds,
    Gpus,
    GpuSpeed,
    Home,
    Json,
    Rendered,
    Repetitions,
    ScaleName,
    Settings,
    StudyNames,
    Threads,
    Trials,
    UntilDecided,
)
from studies.console import interruptible, progress, quiet, show
from studies.resources import Resources


def plan(
    studies: StudyNames,
    scale: ScaleName = "laptop",
    epochs: Epochs = None,
    repetitions: Repetitions = None,
    trials: Trials = None,
    folds: Folds = None,
    until_decided: UntilDecided = False,
    corpus: Elsewhere = "",
    settings: Settings = None,
    rendered: Rendered = False,
    home: Home = HOME,
    threads_per_trial: Threads = 1,
    gpus_per_trial: Gpus = 0.0,
    gpu_speed: GpuSpeed = None,
    json: Json = False,
) -> Sequence[StudyPlan]:
    """Say what studies would cost, and the smallest effects they could detect, before anything is spent."""
    resources = Resources(threads=threads_per_trial, gpus=gpus_per_trial)
    resources.refuse_threads()
    interrupted = "Stopped; a plan keeps nothing: the same command begins anew."
    with interruptible(interrupted), quiet(on=json), progress() as step:
        from studies.commands import budgeting, launching, planned, planning
        from studies.scale import scale_named

        size = scale_named(
            scale, until_decided=until_decided, epochs=epochs, repetitions=repetitions, trials=trials, folds=folds
        )
        found = launching.requests(
            studies, size, home, None, step, rendered=rendered, corpus=corpus, settings=settings or ()
        )
        if json:
            plans = planned.planned(found, resources, step)
            print_json(Plans(FORMAT, tuple(plans)))
            return plans
        if len(found) == 1:
            shown = planning.plan(found[0], resources, step)
        else:
            shown = budgeting.plan_together(found, resources, gpu_speed, step)
    show(*shown)
    return ()
