"""Experimental Setup: the songs were recorded at 44.1 kHz, and some are a little longer or shorter than 30 s."""

from analysis.claims import Fact
from studies.fagan.printed import EPOCHS, FIXED
from studies.study import Study

STUDY = Study(
    document="fagan",
    corpus="gtzan",
    epochs=EPOCHS,
    section="Experimental Setup",
    title="Rate and lengths of the songs",
    question="Does GTZAN hold songs of 44.1 kHz, and some a little longer and some a little shorter than 30 s?",
    fixed=FIXED,
    claims=(
        Fact(finding="S2-F44", fact="rate", printed=44_100),
        *(
            Fact(
                finding="S2-F45",
                part=f"some are {side}",
                fact=f"songs_{side}_than_30_seconds",
                printed=0,
                relation="above",
            )
            for side in ("longer", "shorter")
        ),
        *(
            Fact(finding="S2-F45", part=f"the {most} one", fact=f"{most}_seconds", printed=30, tolerance=0.1)
            for most in ("longest", "shortest")
        ),
    ),
)
