"""Published figures on the same data, which a report may draw where the protocol of its axis is theirs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Status = Literal["read", "second-hand", "derived", "measured"]


@dataclass(frozen=True)
class Reference:
    """A published figure: `value` in the metric's unit, by which protocol, of what, and where it was seen.

    Status: *read* at the source; *second-hand*, quoted by the source; *derived* from a read figure; *measured* from the
    corpus' own files.
    """

    corpus: str
    protocol: str
    metric: str
    value: float
    what: str
    source: str
    status: Status

    @property
    def url(self) -> str:
        """Where the source can be read, "" for one that names no address."""
        found = re.search(r"arXiv (\d{4}\.\d{5})", self.source), re.search(r"README of (\S+/\S+)", self.source)
        paper, repository = (match[1] if match else "" for match in found)
        return f"https://arxiv.org/abs/{paper}" if paper else f"https://github.com/{repository}" if repository else ""


FILTERED = "fault-filtered split 443/197/290"
TEN_FOLD = "random 10-fold"
OFFICIAL = "official test"
SKLEARN_TRANSFER = "README of jordipons/sklearn-audio-transfer-learning"
JUKEMIR = "README of p-lambda/jukemir"
CASTELLON = "paperswithcode page of arXiv 2107.05677; protocol: README of p-lambda/jukemir"
PANNS = "Kong et al., PANNs, Table XVII"
BYOL = "README of nttcslab/byol-a"
HAN = "abstract of arXiv 1605.09507"
ZHONG = "arXiv 2306.08850 and README of nii-yamagishilab/predominant-instrument-recognition"
FILES = "computed from the corpus' files"
TOGHIANI = "arXiv 1705.04971"
PANNS_TRANSFER = "README of qiuqiangkong/panns_transfer_to_gtzan"
ALLAMY = "arXiv 2105.07302"
STURM = "summary of arXiv 1306.1461"
KRATIMENOS = "abstract of arXiv 1911.12505"
INSTRUMENT_CLASSIFIER = "README of jmsmdy/instrument-classifier"

REFERENCES: tuple[Reference, ...] = (
    Reference("gtzan", FILTERED, "accuracy", 53.44, "MFCC, SVM", SKLEARN_TRANSFER, "read"),
    Reference("gtzan", FILTERED, "accuracy", 77.58, "VGGish, 128 PCA, RBF SVM", SKLEARN_TRANSFER, "read"),
    Reference("gtzan", FILTERED, "accuracy", 74.65, "OpenL3, 128 PCA, RBF SVM", SKLEARN_TRANSFER, "read"),
    Reference("gtzan", FILTERED, "accuracy", 77.24, "musicnn, 128 PCA, RBF SVM", SKLEARN_TRANSFER, "read"),
    Reference("gtzan", FILTERED, "accuracy", 82.1, "SampleCNN features (Lee et al. 2018)", SKLEARN_TRANSFER, "read"),
    Reference("gtzan", FILTERED, "accuracy", 79.7, "Jukebox probe (Castellon et al. 2021)", CASTELLON, "read"),
    Reference("gtzan", FILTERED, "accuracy", 68.6, "CLMR probe (Castellon et al. 2021)", CASTELLON, "read"),
    Reference("gtzan", TEN_FOLD, "accuracy", 91.5, "Cnn14, fine-tuned", PANNS, "read"),
    Reference("gtzan", TEN_FOLD, "accuracy", 75.8, "Cnn14, from scratch", PANNS, "read"),
    Reference("gtzan", TEN_FOLD, "accuracy", 85.8, "Cnn14, frozen", PANNS, "read"),
    Reference("gtzan", TEN_FOLD, "accuracy", 82.7, "Cnn14, frozen", PANNS, "read"),
    Reference("gtzan", TEN_FOLD, "accuracy", 93.9, "best earlier result named by Kong et al.", PANNS, "read"),
    Reference("gtzan", TEN_FOLD, "accuracy", 92.5, "Jukebox, SVM (SD 2.9)", JUKEMIR, "read"),
    Reference("gtzan", "one random fold", "accuracy", 89.0, "Cnn14, fine-tuned, mixup", PANNS_TRANSFER, "read"),
    Reference(
        "gtzan",
        "cross-validated, raw waveform",
        "accuracy",
        80.93,
        "1-D residual CNN (Allamy and Koerich 2021)",
        ALLAMY,
        "read",
    ),
    Reference(
        "gtzan", "any random split", "accuracy", 94.5, "what correct labels allow (Sturm 2013)", STURM, "second-hand"
    ),
    Reference("irmas", OFFICIAL, "micro F1", 0.602, "Han, Kim and Lee 2017", HAN, "read"),
    Reference("irmas", OFFICIAL, "macro F1", 0.503, "Han, Kim and Lee 2017", HAN, "read"),
    Reference("irmas", OFFICIAL, "micro F1", 0.503, "Bosch et al. 2012", HAN, "derived"),
    Reference("irmas", OFFICIAL, "macro F1", 0.432, "Bosch et al. 2012", HAN, "derived"),
    Reference("irmas", OFFICIAL, "micro F1", 0.674, "Zhong et al. 2023, three seeds", ZHONG, "read"),
    Reference("irmas", OFFICIAL, "LRAP", 0.814, "Zhong et al. 2023, three seeds", ZHONG, "read"),
    Reference(
        "irmas",
        OFFICIAL,
        "LRAP",
        0.80,
        "a little above: ensemble, mixed augmentation (Kratimenos et al. 2020)",
        KRATIMENOS,
        "read",
    ),
    Reference("irmas", OFFICIAL, "micro F1", 0.440, "always voice, piano, electric guitar", FILES, "measured"),
    Reference("irmas", OFFICIAL, "macro F1", 0.140, "always voice, piano, electric guitar", FILES, "measured"),
    Reference("irmas", OFFICIAL, "micro F1", 0.268, "always voice", FILES, "measured"),
    Reference("irmas", OFFICIAL, "macro F1", 0.048, "always voice", FILES, "measured"),
    Reference("irmas", OFFICIAL, "LRAP", 0.539, "shares of the training part", FILES, "measured"),
    Reference("irmas", OFFICIAL, "LRAP", 0.326, "random order", FILES, "measured"),
    Reference("irmas", "training part", "accuracy", 9.09, "uniform guess", FILES, "measured"),
    Reference("irmas", "training part", "accuracy", 11.60, "majority class", FILES, "measured"),
    Reference("nsynth", "family, linear probe", "accuracy", 69.1, "BYOL-A, 512 dimensions", BYOL, "read"),
    Reference("nsynth", "family, linear probe", "accuracy", 72.7, "BYOL-A, 1024 dimensions", BYOL, "read"),
    Reference("nsynth", "family, linear probe", "accuracy", 74.1, "BYOL-A, 2048 dimensions", BYOL, "read"),
    Reference("nsynth", OFFICIAL, "accuracy", 20.58, "majority class (bass)", FILES, "measured"),
    Reference("philharmonia", "8 instruments, fourth octave, whole sample", "accuracy", 93.5, "MLP", TOGHIANI, "read"),
    Reference("philharmonia", "8 instruments, fourth octave, attack", "accuracy", 80.2, "MLP", TOGHIANI, "read"),
    Reference(
        "philharmonia",
        "24 instruments, with Iowa samples",
        "accuracy",
        83.0,
        "XGBoost on attack features",
        INSTRUMENT_CLASSIFIER,
        "read",
    ),
)


CEILINGS: Mapping[str, float] = {"gtzan": 0.945}
"""By corpus the accuracy, 0..1, of a perfect classifier where labels are known to be wrong (GTZAN: Sturm 2013)."""


def references(corpus: str) -> tuple[Reference, ...]:
    return tuple(reference for reference in REFERENCES if reference.corpus == corpus)
