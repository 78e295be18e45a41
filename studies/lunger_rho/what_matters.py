"""Section 4: some hyperparameters change the performance completely, and others do nothing."""

from analysis.claims import Importance
from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate, momentum, weight_decay
from search_spaces.regularisation import dropout_level
from search_spaces.signal import coefficients, seconds
from studies.lunger_rho.printed import CNN, COARSE, EPOCHS, FIXED, GUESSED, OF_THE_CNN, SHARED
from studies.study import Study, arm

TUNED = joined(
    learning_rate(1e-5, 1e-1),
    momentum(),
    weight_decay(1e-6, 1e-2),
    batch_size(60, 128, 256, 512),
    dropout_level(),
    coefficients(),
    seconds(),
)

MODEL = arm(CNN.name, architecture="cnn")

STUDY = Study(
    **{**SHARED, "tuned": TUNED, "guessed": (*GUESSED, OF_THE_CNN, "which hyperparameters, and what few are")},
    section="4",
    title="Which hyperparameters matter",
    question="Do two hyperparameters of the CNN decide nearly all of its accuracy?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=(MODEL,),
    claims=(Importance(finding="S0-F38", arm=MODEL.name, most=2),),
    exploration="random",
    reduced=COARSE,
)
