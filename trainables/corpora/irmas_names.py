"""The instruments of IRMAS, as its files and as S1 name them."""

INSTRUMENTS = {
    "cel": "cello",
    "cla": "clarinet",
    "flu": "flute",
    "gac": "acoustic guitar",
    "gel": "electric guitar",
    "org": "organ",
    "pia": "piano",
    "sax": "saxophone",
    "tru": "trumpet",
    "vio": "violin",
    "voi": "voice",
}
"""The corpus' own codes and the labels they stand for."""

S1_LABELS = {label.replace(" ", "_"): label for label in INSTRUMENTS.values()}
S1_LABELS["other"] = S1_LABELS.pop("electric_guitar")
"""The labels that S1 prints. The corpus has no "other", and the electric guitar is what the list lacks (X7)."""
