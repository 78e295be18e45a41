"""Experimental Setup, Conclusion, note 3: Xavier's weights in dense layers give far better results than zeros."""

from analysis.claims import Better, NoDirection
from studies.fagan.printed import CNN_FC, FIXED, SHARED, fc
from studies.study import Study

# Convolutions begin alike. Behind a hidden layer of zeros no gradient ever reaches a weight, only the last biases.
ZEROS = fc("1-D CNN, dense, no dropout, zeros", initialisation="zero_dense")
TWICE_CHANCE = 20.0
"""Seeds that all end at chance are compared with no others, but with a figure."""

STUDY = Study(
    **SHARED,
    section="Experimental Setup, Conclusion, note 3",
    title="Initial weights of dense layers: Xavier's or zeros",
    question="Does a network with dense layers learn from Xavier's weights, and not from zeros?",
    fixed=FIXED,
    arms=(CNN_FC, ZEROS),
    claims=(
        Better(finding="S2-F31", part="Xavier", better=CNN_FC.name, worse=TWICE_CHANCE),
        Better(finding="S2-F31", part="zeros", better=TWICE_CHANCE, worse=ZEROS.name),
        NoDirection(finding="S2-F31", part="difference", first=CNN_FC.name, second=ZEROS.name),
    ),
)
