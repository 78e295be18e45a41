"""A study whose arms differ in their training: `python trainings_study.py run trainings/study ...`."""

from analysis.claims import Equal
from search_spaces.space import choice
from studies import cli, study
from studies.study import Scale, Study, arm

SCALE = Scale(name="tiny", trials=2, explore_epochs=3, grace=1, reduction=2, repetitions=1, confirm_epochs=2)
MEL = {"front_end": "log_mel", "frame": 512, "hop": 256, "bands": 16, "frames": 8, "architecture": "cnn"}
IMAGES = {"front_end": "mfcc_image", "frame": 1024, "side": 32, "architecture": "dcgan_discriminator", "width": 4}
STUDY = Study(
    document="trainings",
    section="",
    title="Trainings side by side",
    question="Does every training run like any other?",
    corpus="philharmonia",
    epochs=2,
    fixed={"segmentation": "parts", "count": 4, "batch_size": 16},
    tuned=choice("learning_rate", (0.001, 0.003)),
    arms=(
        arm("one network", **MEL),
        arm("out of fold", **MEL, training="dual", stacking="out_of_fold", stack_folds=2),
        arm("gan", **IMAGES, training="dcgan", generator_width=4, latent=8, samples=4, sounds=1, judge_epochs=1),
    ),
    claims=(Equal(finding="T-F1", first="one network", second="out of fold"),),
)

if __name__ == "__main__":
    study.load = {"trainings/study": STUDY}.__getitem__
    study.scale_named = {SCALE.name: SCALE}.__getitem__
    cli.main()
