"""Findings of Hefetz and Dahan: several spectrograms, transfer learning and a wavelet network on IRMAS."""

from analysis.findings.register import Contradiction, Document, figure, findings_of, named

CONTRADICTIONS = (
    Contradiction(
        "X7",
        "line 68",
        "Ten instruments and 'other' are listed as labels: the corpus has no such class, and electric guitar, which is "
        "not listed, is its eleventh. Counted; electric guitar is taken for 'other'.",
        ("S1-F20",),
    ),
    Contradiction(
        "X8",
        "lines 75, 82",
        "One to three instruments are said to play in each clip, and test excerpts to last 20 seconds: they last 5 to "
        "20, and some have more labels. Counted, part for part.",
        ("S1-F20",),
    ),
    Contradiction(
        "X28",
        "lines 123-127, 143-149",
        "The network of 51 % is an enlarged one after pretrained weights were used, and the final solution a variant "
        "of the second model. Both readings are asked: the pretrained network with a larger head, and a larger second "
        "model.",
        ("S1-F8", "S1-F11"),
    ),
    Contradiction(
        "X29",
        "lines 27, 96-145",
        "Most runs are said to end at 15 to 20 %, and chapters print about 15, 30, 45 and 51 %. Claimed is a share of "
        "runs, and each level by itself.",
        ("S1-F1", "S1-F2", "S1-F4", "S1-F8", "S1-F11"),
    ),
)

FIRST = named("Model 1")
ON_MEL = "Model 2 on the input of PANN"

FIGURES = (
    figure("S1-G1", "A training clip", "sound.clip", FIRST),
    figure("S1-G2", "Model 1", "layers.networks", FIRST),
    figure("S1-G3", "Clips before and after they are mixed", "features.before_and_after", named(".*, mixed clips")),
    figure("S1-G4", "Model 2", "layers.networks", named("Model 2")),
    figure("S1-G5", "With and without augmentation", "curves.compared", named(f"{ON_MEL}(, .*)?")),
    figure("S1-G6", "Model 3", "layers.networks", named("Model 3")),
    figure("S1-G6", "Model 3: its wavelet transform", "features.given", named("Model 3, transform computed before")),
    figure("S1-G7", "Nine spectrograms of a clip", "features.given", FIRST),
)

DOCUMENT = Document(
    "S1",
    "hefetz_dahan",
    "Hefetz and Dahan",
    "Deep Learning Project: Single label instrument classifier",
    "irmas",
    11,
    CONTRADICTIONS,
    FIGURES,
)

FINDINGS = findings_of(
    DOCUMENT,
    (
        "F1",
        "96-98",
        "Best accuracy was around 15%.",
        "LEV",
        "The network on nine spectrograms reaches about 15 %.",
        "15 %",
    ),
    (
        "F2",
        "119",
        "cause the network to increase its performance to around 30% accuracy",
        "DIR + LEV",
        "A deeper network on three spectrograms reaches about 30 %.",
        "30 %",
    ),
    (
        "F3",
        "96, 119, 173",
        "We have seen that network was too big, but not deep enough, which caused really low accuracy.",
        "INT + SAT",
        "The nine-branch network was too large and too shallow: a minimum of depth is needed.",
    ),
    (
        "F4",
        "27",
        "from the expected accuracy of random guessing (~9%) to 15-20 % in most our runs",
        "PROP",
        "Most runs reach 15 to 20 %.",
        "15 to 20 %",
    ),
    (
        "F5",
        "57, 109",
        "having 6-9 instruments playing simultaneously was too much noise",
        "DIR",
        "Mixing clips into examples with several labels brings nothing.",
    ),
    (
        "F6",
        "55",
        "from inserting empty or noisy samples, to combining and shifting the samples in different ways",
        "HYP x4",
        "Empty, noisy, combined and shifted samples were tried.",
    ),
    (
        "F7",
        "19, 113",
        "our dataset and our resources are not enough to classify multilabel properly",
        "DIR",
        "Data did not suffice for several labels, so one label per clip was predicted.",
    ),
    (
        "F8",
        "119, 123-127, 145",
        "used its weights … increase the accuracy from around 45%",
        "DIR + LEV",
        "Fine-tuning pretrained weights reaches about 45 %.",
        "45 %",
    ),
    (
        "F9",
        "127",
        "4 epochs with frozen backbone with LR of 0.003, and afterwards using LR of 0.0002",
        "OPT",
        "Four frozen epochs at .003 and then .0002 is the best schedule of fine-tuning.",
        "4 epochs, .003, .0002",
    ),
    (
        "F10a",
        "131-138",
        "Time strech … we only saw decrease with our accuracy",
        "DIR",
        "Time stretching lowers accuracy.",
    ),
    (
        "F10b",
        "131-138",
        "Pitch shift … we only saw decrease with our accuracy",
        "DIR",
        "Pitch shifting lowers accuracy.",
    ),
    ("F10c", "131-138", "Noise … we only saw decrease with our accuracy", "DIR", "Added noise lowers accuracy."),
    (
        "F10d",
        "131-138",
        "Volume change … we only saw decrease with our accuracy",
        "DIR",
        "Changes of volume lower accuracy.",
    ),
    (
        "F11",
        "143-145",
        "This indeed helped a bit, to increase the accuracy from around 45% to 51%",
        "DIR x3 + LEV",
        "A larger network with a larger batch goes from 45 to 51 %.",
        "45 % to 51 %",
    ),
    (
        "F12",
        "21",
        "using the ones were most influential on the final differentiation between different instruments",
        "ORD",
        "Some of the nine spectrograms matter far more than others.",
    ),
    (
        "F13",
        "174",
        "perhaps our segregation of feature into different networks hindered the work of the model",
        "HYP",
        "Keeping features in separate networks hinders learning.",
    ),
    (
        "F14",
        "155",
        "using a Morlet kernel … we could get better results with one single transform",
        "HYP",
        "One Morlet transform does better than the Fourier transforms.",
    ),
    (
        "F15",
        "161",
        "This model reached 2 million paramaters at most.",
        "COST",
        "The wavelet network has at most two million parameters.",
        "2,000,000",
    ),
    (
        "F16",
        "157",
        "many efficiency problems, mostly around implementing the transform inside the model",
        "COST",
        "A transform inside the network is inefficient.",
    ),
    (
        "F17",
        "47-49",
        "you may increase the accuracy in the time domain, but you lose on accuracy in the frequency domain",
        "INT",
        "A shorter window resolves time better and frequency worse.",
    ),
    (
        "F18",
        "94",
        "comparing drum hit to a violin strum … vocal compare to violin",
        "HYP (INT)",
        "Time windows help struck sounds and frequency scales help voice and violin.",
    ),
    (
        "F19",
        "145",
        "the collab's GPU, couldn't handle the size anymore",
        "COST",
        "Memory limits the size of the network.",
    ),
    (
        "F20",
        "63-82",
        "approximately 6700 training samples and 2900 testing samples",
        "FACT",
        "The corpus has the printed numbers of clips, labels and lengths.",
        "6,700, 2,900, 3 s",
    ),
    (
        "F21",
        "27",
        "random guessing (~9%) … ending up at 51% accuracy",
        "DIR",
        "The best network is far above chance.",
        "51 % against 9 %",
    ),
    (
        "F22",
        "178",
        "Perhaps this System would make multi label recognition possible",
        "HYP",
        "The wavelet network might make several labels per clip feasible.",
    ),
)
