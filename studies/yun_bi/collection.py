"""Section 3.1: the collection holds 25 instruments."""

from analysis.claims import Fact
from studies.study import Study
from studies.yun_bi.printed import EPOCHS, FIXED

STUDY = Study(
    document="yun_bi",
    section="3.1",
    title="The number of instruments in the collection",
    question="Does the collection of the Philharmonia Orchestra hold 25 instruments?",
    corpus="philharmonia",
    epochs=EPOCHS,
    fixed=FIXED,
    claims=(Fact(finding="S4-F19", fact="instruments", printed=25),),
)
