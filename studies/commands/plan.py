"""`etude plan`: what a study would cost and could detect."""

from studies import scale as scales
from studies.commands.options import (
    HOME,
    Epochs,
    Gpus,
    Home,
    Rendered,
    Repetitions,
    ScaleName,
    StudyName,
    Threads,
    Trials,
)
from studies.console import interruptible, progress, show
from studies.resources import Resources


def plan(
    study: StudyName,
    scale: ScaleName = "laptop",
    epochs: Epochs = None,
    repetitions: Repetitions = None,
    trials: Trials = None,
    rendered: Rendered = False,
    home: Home = HOME,
    threads_per_trial: Threads = 1,
    gpus_per_trial: Gpus = 0.0,
) -> None:
    """Say what a study would cost, and the smallest effect it could detect, before anything is spent."""
    resources = Resources(threads=threads_per_trial, gpus=gpus_per_trial)
    resources.refuse_threads()
    interrupted = "Stopped; a plan keeps nothing: the same command begins anew."
    with interruptible(interrupted), progress() as step:
        from studies.commands import launching, planning

        size = scales.scale_named(scale, epochs=epochs, repetitions=repetitions, trials=trials)
        request = launching.request(study, size, home, None, step, rendered=rendered)
        shown = planning.plan(request, resources, step)
    show(*shown)
