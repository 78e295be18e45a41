"""The data dictionary: every column of every table of a run, its type, its unit and what it is.

The tables are read and checked by it, and the README's list is made from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "number", "flag", "numbers"]


@dataclass(frozen=True)
class Column:
    """One column; of one that is not `always` there, `of` says when it is.

    A number that is not known is NaN, a text empty. `kind` "numbers" is a list of them in each row.
    """

    name: str
    kind: Kind
    words: str
    unit: str = ""
    of: str = ""

    @property
    def always(self) -> bool:
        return not self.of


def text(name: str, words: str, of: str = "") -> Column:
    return Column(name, "text", words, of=of)


def whole(name: str, words: str, unit: str = "", of: str = "") -> Column:
    return Column(name, "whole", words, unit, of)


def number(name: str, words: str, unit: str = "", of: str = "") -> Column:
    return Column(name, "number", words, unit, of)


def share(name: str, words: str, of: str = "") -> Column:
    """A number between 0 and 1."""
    return Column(name, "number", words, "share", of)


OLDER = "not of older versions"
WHERE_READ = f"{OLDER}; in evidence where a claim reads it"
ELSEWHERE = "results trained elsewhere"
GENERATORS, INVERSIONS, TWO = "generators", "sounds made of MFCCs", "two networks in a row"

TRIAL = text("trial", "id of the trial, a hash of its settings, its seed and the data: the name of its folder")
ITEM = text("item", "test item: the path of its clip in the corpus, or the name of what was generated")
GROUP = text("group", "what must not stand on both sides of a split: a song, a pitch, a recording")
LABEL = text("label", "true class")

TRIALS = (
    TRIAL,
    text("phase", "explore (the search), choose (finalists with fresh seeds) or confirm (what decides)"),
    text("arm", "name of the arm in the study"),
    text("configuration", "explored, finalist, as_printed or chosen"),
    text("protocol", "how the data are divided: corrected, as_published, grouped_same_sizes"),
    whole("repetition", "number of the fresh seed, or of the explored trial"),
    whole("fold", "fold that is tested"),
    text("state", "complete, stopped (weak while exploring), failed or unfinished"),
    whole("epochs", "epochs that were trained"),
    whole("parameters", "trainable parameters of the network"),
    share("train_accuracy", "right answers in the last epoch, while training"),
    share("validation_accuracy", "right answers on validation items after the last epoch"),
    share("test_accuracy", "right answers on test items; of confirmed trials alone"),
    number("seconds", "wall time of all epochs", "s"),
    number("cpu_seconds", "processor time of all epochs", "s"),
    text("device", "cpu or cuda"),
    text("settings", "all settings, as JSON"),
    share(
        "train_accuracy_evaluated", "right answers on training items after training, as test items are counted", OLDER
    ),
    number("peak_memory", "most memory that the trial took", "bytes", OLDER),
    number("input_bytes", "what the network is given of one segment", "bytes", OLDER),
    number("front_end_milliseconds", "features of one segment, processor time; on a GPU wall time", "ms", OLDER),
    number("step_bytes", "what a training step holds of its batch", "bytes", OLDER),
)
KINDS_OF_SOUND = {"generated": "generated", "recorded": "held-out", "noise": "white noise's"}
EPOCHS = (
    TRIAL,
    whole("epoch", "number of the epoch, from 1"),
    number("train_loss", "mean loss while training", "nats"),
    share("train_accuracy", "right answers while training"),
    number("validation_loss", "mean loss on validation items", "nats"),
    share("validation_accuracy", "right answers on validation items"),
    number("seconds", "wall time", "s"),
    number("cpu_seconds", "processor time", "s"),
    number("ended", "when it ended, since the beginning of 1970 (UTC)", "s", OLDER),
    number("worker", "checksum of the process that trained it, and of its machine", "", OLDER),
    number("generator_loss", "mean loss of the generator", "nats", GENERATORS),
    share("discriminator_below", "steps in which the discriminator's loss is below the generator's", GENERATORS),
    share("judge_accuracy", "right answers of the classifier that judges sounds; last epoch", GENERATORS),
    *(
        column
        for name, words in KINDS_OF_SOUND.items()
        for column in (
            number(
                f"distance_{name}", f"log-mel statistics of {words} images to the training part's", "dB", GENERATORS
            ),
            share(f"flatness_{name}", f"mean spectral flatness of {words} images", GENERATORS),
            share(f"confidence_{name}", f"probability of the instrument, of {words} images, by the judge", GENERATORS),
        )
    ),
    number("recordings", "recordings that were measured", "", INVERSIONS),
    number("train_entropy", "mean entropy of the first network's outputs on training items", "nats", TWO),
    number("validation_entropy", "mean entropy of the first network's outputs on validation items", "nats", TWO),
    share("entropy_distance", "distance of the two distributions of entropy (Kolmogorov and Smirnov)", TWO),
    share("entropy_p", "p value of that distance", TWO),
)
COVARIATES = (
    number("root_mean_square", "of the clip's samples", "of full scale", WHERE_READ),
    number("mean_absolute", "mean absolute sample of the clip", "of full scale", WHERE_READ),
    number("crest", "peak over root mean square; 1 of silence", "", WHERE_READ),
    number("envelope_deviation", "deviation of the level over frames of 20 ms", "of full scale", WHERE_READ),
    whole("class_trained_on", "training items of the item's class", "", WHERE_READ),
)
PREDICTIONS = (
    TRIAL,
    ITEM,
    GROUP,
    LABEL,
    text("prediction", "class with the highest output; empty where no class is named"),
    share("confidence", "probability of that class"),
    Column("logits", "numbers", "outputs, in the order of data.labels; none in evidence where nothing reads them"),
    Column("group_trained_on", "flag", "whether the training part has items of this group (B4)", of="classifiers"),
    *COVARIATES,
    number("signal_to_noise", "of the sound made of a recording's MFCCs, to the recording", "dB", INVERSIONS),
    number("spectral_distance", "between the recording and that sound", "dB", INVERSIONS),
    number("spectral_distance_of_another", "between the recording and another one", "dB", INVERSIONS),
    number("spectral_distance_of_noise", "between the recording and noise as strong", "dB", INVERSIONS),
    share("flatness_recorded", "spectral flatness of the recording", INVERSIONS),
    share("flatness_inverted", "spectral flatness of that sound", INVERSIONS),
    Column("right", "flag", "whether the answer is right, where no class is named", of=ELSEWHERE),
    number("score", "how good the answer is: more is better", "its own", ELSEWHERE),
    number("error", "how bad the answer is: less is better", "its own", ELSEWHERE),
)
EXCERPTS = (
    TRIAL,
    ITEM,
    GROUP,
    text("label", "first of the true classes"),
    text("prediction", "class with the highest output"),
    text("labels", "all true classes, joined by a bar"),
    whole("number_of_labels", "how many those are"),
    text("named", "classes that reach the threshold, joined by a bar"),
    text("ranked", "all classes, the highest output first, joined by a bar"),
)
STEPS = (
    TRIAL,
    whole("epoch", "number of the step's epoch, from 1"),
    number("discriminator_loss", "of both kinds of image together", "nats"),
    number("generator_loss", "of the images generated in this step", "nats"),
    share("recorded_accuracy", "recorded images that the discriminator takes for recorded"),
    share("generated_accuracy", "generated images that it takes for generated"),
)
LEDGER = (
    TRIAL,
    *TRIALS[1:5],
    whole("items", "test items"),
    text("digest", "of the predictions"),
    text("tested", "when, in ISO 8601 (UTC)"),
)
VERDICTS = (
    text("finding", "id of the finding"),
    text("part", "part of the finding that the claim is about; empty for the whole"),
    text("kind", "kind of claim, such as DIR or EQ"),
    text("protocol", "how the data were divided: corrected, as_published"),
    text("word", "reproduced, contradicted, inconclusive, untestable, no claim or not run"),
    text("label", "how it is contradicted, such as reversed"),
    text("badges", "what a reader must know beside, joined by semicolons"),
    number("effect", "estimate, positive in the claimed direction", "column unit"),
    number("low", "lower limit of the 95 % interval", "column unit"),
    number("high", "upper limit of the 95 % interval", "column unit"),
    number("low90", "lower limit of the 90 % interval", "column unit"),
    number("high90", "upper limit of the 90 % interval", "column unit"),
    text("unit", "unit of effect, limits and margin"),
    number("margin", "smallest difference that matters", "column unit"),
    whole("n", "paired repetitions"),
    whole("groups", "held-out groups"),
    share("p", "one-sided, of no effect against one in the claimed direction"),
    share("p_adjusted", "the same, adjusted for the claims of the study (Holm)"),
    share("p_below", "one-sided, of at least the margin against less"),
    share("p_below_adjusted", "the same, adjusted for the claims of the study (Holm)"),
    number("smallest_detectable", "effect found in 80 % of studies like this one", "column unit"),
    number("needed", "repetitions at which that is the margin; empty where none are enough"),
    number("printed", "the document's own figure", "column unit"),
    text("arms", "arms that are compared, joined by semicolons"),
    text("reason", "why, in a sentence"),
)
TABLES: Mapping[str, tuple[Column, ...]] = {
    "trials.parquet": TRIALS,
    "epochs.parquet": EPOCHS,
    "predictions.parquet": PREDICTIONS,
    "excerpts.parquet": EXCERPTS,
    "steps.parquet": STEPS,
    "verdicts.csv": VERDICTS,
    "test_evaluations.jsonl": LEDGER,
}
"""By the name of its file the columns of each table of a run."""


def required(columns: Iterable[Column]) -> tuple[str, ...]:
    """The names of the columns that every such table has."""
    return tuple(column.name for column in columns if column.always)


def numeric(columns: Iterable[Column]) -> frozenset[str]:
    """The names of the columns of numbers."""
    return frozenset(column.name for column in columns if column.kind in ("whole", "number"))


def dictionary() -> str:
    """All tables and their columns, in Markdown."""
    return "\n\n".join(f"`{file}`\n\n{in_markdown(columns)}" for file, columns in TABLES.items())


def in_markdown(columns: Iterable[Column]) -> str:
    rows = (f"| `{each.name}` | {IN_WORDS[each.kind]} | {each.unit or '–'} | {described(each)} |" for each in columns)
    return "\n".join(("| column | type | unit | what it is |", "|---|---|---|---|", *rows))


IN_WORDS: Mapping[Kind, str] = {
    "text": "text",
    "whole": "whole number",
    "number": "number",
    "flag": "true or false",
    "numbers": "list of numbers",
}


def described(column: Column) -> str:
    return f"{column.words} ({column.of})" if column.of else column.words
