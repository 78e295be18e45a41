"""The families of NSynth, and what is annotated of a note, in the order of S3's code.

Nothing else is imported here, as studies name these, too, and whoever lists studies waits for no table of clips.
"""

FAMILIES = ("bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ", "reed", "string", "synth_lead", "vocal")
"""In the order of the corpus' own numbers, 0 to 10."""

SYNTH_LEAD = "synth_lead"
RECOGNISED = ("vocal", "bass", "brass", "flute", "mallet", "reed")
"""The families that S3's Model 1 is said to be good at (S3-F13)."""

QUALITIES = (
    "bright",
    "dark",
    "distortion",
    "fast_decay",
    "long_release",
    "multiphonic",
    "nonlinear_env",
    "percussive",
    "reverb",
    "tempo-synced",
)
FIELDS = {"pitch": ("pitch",), "velocity": ("velocity",), "instrument_source": ("source",), "qualities": QUALITIES}
"""What S3 gives its Model 2 beside the audio: fields of a note's annotation with the columns that they make (X19)."""

SIDE_FEATURES = tuple(column for columns in FIELDS.values() for column in columns)
"""These columns in the order of the document's code: 1 + 1 + 1 + 10 values (X18)."""
