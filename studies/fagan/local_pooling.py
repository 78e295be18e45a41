"""Other papers that influenced design: between layers, the maximum probably suits music better than the average."""

from analysis.claims import Better
from studies.fagan.printed import CNN_GAP, FIXED, SHARED, gap
from studies.study import Study

AVERAGE = gap("1-D CNN, global average pooling, averages between layers", pooling="average")

STUDY = Study(
    **SHARED,
    section="Other papers that influenced design",
    title="Maximum or average between layers",
    question="Is pooling by the maximum better than by the average between convolutions?",
    fixed=FIXED,
    arms=(CNN_GAP, AVERAGE),
    claims=(Better(finding="S2-F34", better=CNN_GAP.name, worse=AVERAGE.name, hypothesis=True),),
)
