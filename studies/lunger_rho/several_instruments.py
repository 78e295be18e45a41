"""Section 3.1: accuracy is low because clips have several instruments, of which several should be named."""

from analysis.claims import Better, Slope
from studies.lunger_rho.printed import CNN, COARSE, EPOCHS, FIXED, GUESSED, OF_THE_CNN, RESNET_34, SHARED
from studies.study import Study

# Counted right among the best two or three, any network scores higher: F1 pays for each class that is named wrongly.
MORE = {"two best": "micro_f1_gain_2", "three best": "micro_f1_gain_3", "above a threshold": "micro_f1_gain_named"}
MUCH = 5.0
NETWORKS = (CNN, RESNET_34)

STUDY = Study(
    **{**SHARED, "guessed": (*GUESSED, OF_THE_CNN, "what much higher is")},
    section="3.1",
    title="Several instruments in a clip",
    question="Would several classes as an answer score much higher, and are clips of several instruments harder?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=NETWORKS,
    claims=(
        *(
            Better(
                finding="S0-F19",
                part=f"{part}, {network.name}",
                better=network.name,
                worse=0.0,
                metric=metric,
                margin=MUCH,
                hypothesis=True,
            )
            for network in NETWORKS
            for part, metric in MORE.items()
        ),
        # With more labels the best class is likelier to be one of them, and less likely to be the first of them.
        *(
            Slope(
                finding="S0-F40",
                part=network.name,
                arm=network.name,
                covariate="number_of_labels",
                direction="falls",
                of_pairs=True,
                hypothesis=True,
            )
            for network in NETWORKS
        ),
    ),
    reduced=COARSE,
)
