"""Section 2.2: trained on segments as short as the ResNet's, the DCGAN generates sounds that are too short."""

from analysis.claims import Cost
from studies.lunger_rho.printed import GAN_FIXED, GAN_SHARED, ONCE, SELU, gan
from studies.study import Study

SHORT = gan("DCGAN, segments of 300 ms", seconds=0.3)

STUDY = Study(
    **GAN_SHARED,
    corpus="irmas",
    section="2.2",
    title="The length of generated sounds",
    question="Are sounds that are generated from short segments shorter than those from whole clips?",
    fixed=GAN_FIXED,
    arms=(SELU, SHORT),
    claims=(Cost(finding="S0-F31", cheaper=SHORT.name, dearer=SELU.name, metric="sample_seconds", protocols=ONCE),),
)
