"""Section 3: in about 90 % of tests segments do at least as well as clips, and almost all models overfit."""

from itertools import product

from analysis.claims import NoDirection, Share
from search_spaces.optimisation import momentum
from studies.lunger_rho import printed as p
from studies.study import Study

NETWORKS = ((p.LINEAR, p.LINEAR_CLIPS), (p.CNN, p.CNN_CLIPS), (p.RESNET_34, p.RESNET_34_CLIPS))
# Fewer than twelve pairs could not show a share, unless all of them agreed.
PAIRS = [
    [p.at_rate(p.of(model, count), rate) for model in pair]
    for pair, count, rate in product(NETWORKS, (13, 30), (1e-3, 1e-2))
]
ARMS = [arm for pair in PAIRS for arm in pair]
EQUAL_BATCH = p.lasting(3.0)
OVERFITTED = 0.2
"""By how much the validation loss of a model that overfits ends above its lowest, in nats."""

STUDY = Study(
    **{**p.SHARED, "tuned": momentum()},
    section="3",
    title="Segments and whole clips in twelve tests",
    question="How often are segments at least as good as whole clips, and how many models overfit beyond 30 epochs?",
    epochs=p.EPOCHS,
    fixed=p.FIXED,
    arms=(*ARMS, EQUAL_BATCH),
    claims=(
        # "Almost all" is no figure: most.
        Share(
            finding="S0-F10",
            pairs=tuple((OVERFITTED, arm.name) for arm in ARMS),
            share="most",
            metric="validation_loss_rise",
            margin=0.05,
        ),
        Share(
            finding="S0-F12",
            pairs=tuple((segments.name, clips.name) for segments, clips in PAIRS),
            share="about",
            printed=0.9,
            confounded="batches of 512 segments and of 60 clips",
        ),
        NoDirection(finding="S0-F12", part="equal batches", first=p.CNN.name, second=EQUAL_BATCH.name),
    ),
    reduced=p.COARSE,
)
