"""NSynth: single notes of four seconds of 1,006 instruments in eleven families (S3-S1)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from trainables.corpora.audit.groups import evaluation_part, instruments_crossing, notes_crossing
from trainables.corpora.audit.labels import LARGEST_DIVERGENCE, divergence
from trainables.corpora.corpus import Clip, Corpus, Rejected, Remote, Scan, known
from trainables.corpora.folders import audio_files
from trainables.corpora.nsynth_names import FAMILIES, FIELDS, RECOGNISED, SIDE_FEATURES, SYNTH_LEAD
from trainables.corpora.nsynth_splits import MODEL_1_NOTES, PROTOCOLS, first_of_each
from trainables.corpora.rendering.nsynth_rendering import render
from trainables.errors import UserError

RATE = 16_000
ENDINGS = (".wav",)
NOTES = {"train": 289_205, "valid": 12_678, "test": 4_096}
ANNOTATIONS = "examples.json"


def scan(folder: Path) -> Scan:
    """Read every `examples.json` at or below `folder`, and the notes in the folder `audio` beside it.

    The label of a note is its family, its group the instrument. Its part is what the name of the folder of
    `examples.json` says (nsynth-train, nsynth-valid or nsynth-test), else "unknown". Raises UserError where there is
    audio but no readable `examples.json`.
    """
    scan = Scan.of(note for annotations in sorted(folder.rglob(ANNOTATIONS)) for note in _part(folder, annotations))
    if not scan.clips and (stray := audio_files(folder, *ENDINGS)):
        raise UserError(
            f"There is no {ANNOTATIONS} beside {stray[0].parent}: unpack the whole archive of the part again."
        )
    return scan


def _part(folder: Path, annotations: Path) -> Iterator[Clip | Rejected]:
    examples, part = _examples(annotations), part_of(annotations.parent)
    inside = annotations.parent / "audio"
    there = {path.stem: path.relative_to(folder).as_posix() for path in audio_files(inside, *ENDINGS)}
    for name, path in there.items():
        yield _note(path, part, examples[name]) if name in examples else Rejected(path, f"is not in {ANNOTATIONS}")
    where = inside.relative_to(folder)
    for name in sorted(examples.keys() - there.keys()):
        yield Rejected((where / f"{name}.wav").as_posix(), "is missing")


def part_of(folder: Path) -> str:
    """The part of the corpus that the name of a folder says, or 'unknown'."""
    found = re.search(r"(?<![a-z])(train|valid|test)(?![a-z])", folder.resolve().name.lower())
    return found[1] if found else "unknown"


def _examples(path: Path) -> dict[str, Any]:
    try:
        examples = json.loads(path.read_text())
    except ValueError as error:
        raise UserError(f"{path} is damaged ({error}): unpack the archive of that part again.") from error
    if not isinstance(examples, dict):
        raise UserError(f"{path} holds no table of notes: unpack the archive of that part again.")
    return examples


def _note(path: str, part: str, example: Any) -> Clip | Rejected:
    try:
        instrument, family = str(example["instrument_str"]), str(example["instrument_family_str"])
        values = [example["pitch"], example["velocity"], example["instrument_source"], *example["qualities"]]
        features = dict(zip(SIDE_FEATURES, map(int, values), strict=True))
    except (KeyError, TypeError, ValueError):
        return Rejected(path, f"has an incomplete entry in {ANNOTATIONS}")
    if family not in FAMILIES:
        return Rejected(path, f"is of the family '{family}', which is none of the eleven")
    return Clip(path, family, instrument, {"part": part, "instrument": instrument, **features})


def facts(folder: Path, files: int, clips: pd.DataFrame) -> dict[str, float | None]:
    """What S3 says of the data, counted; None where this copy has not all notes of the parts it is about."""
    parts = {part: clips[clips["part"] == part] for part in NOTES}
    whole = {part: len(parts[part]) == count for part, count in NOTES.items()}
    found: dict[str, float | None] = {}
    for part, notes in parts.items():
        found |= known(whole[part], {f"{name}_in_{part}": value for name, value in part_facts(notes).items()})
    found |= known(whole["valid"] and whole["test"], shared_facts(parts["valid"], parts["test"]))
    found |= known(whole["train"], subset_facts(parts["train"]))
    return found | known(all(whole.values()), collection_facts(clips)) | known(len(clips) > 0, feature_facts(clips))


def part_facts(notes: pd.DataFrame) -> dict[str, float]:
    """Notes and families of one part (X14, X15, X16, S3-F17, S3-F18, S3-F23)."""
    sizes = notes["label"].value_counts()
    return {
        "notes": len(notes),
        "families": len(sizes),
        "synth_lead": int(sizes.get("synth_lead", 0)),
        "largest_to_smallest_family": sizes.max() / sizes.min(),
    }


def shared_facts(valid: pd.DataFrame, test: pd.DataFrame) -> dict[str, float]:
    """What validation and test part have in common (X30, S3-F9): instruments, and how far their families differ.

    The latter is the Jensen-Shannon divergence of the shares of the families, in bits: 0 where they are equal, 1 where
    no family is in both. They are alike (1, else 0) where a validation part may be as far from its training part (B5).
    """
    apart = divergence(valid["label"], test["label"])
    return {
        "instruments_in_both_valid_and_test": len(set(valid["instrument"]) & set(test["instrument"])),
        "divergence_of_valid_and_test": apart,
        "valid_and_test_alike": apart <= LARGEST_DIVERGENCE,
    }


def subset_facts(train: pd.DataFrame) -> dict[str, float]:
    """Counts of what S3's Model 1 is trained on (X20, X31): the first notes of each family and source.

    Of the families that it recognises well, S3 thinks that they have more notes than others: the ratio of the means.
    """
    subset = first_of_each(train[train["label"] != SYNTH_LEAD], MODEL_1_NOTES)
    sizes = subset["label"].value_counts().astype(float)
    recognised = sizes.index.isin(RECOGNISED)
    return {
        "subset": len(subset),
        "subset_share": len(subset) / NOTES["train"],
        "largest_to_smallest_family_in_subset": sizes.max() / sizes.min(),
        "recognised_to_other_families_in_subset": sizes[recognised].mean() / sizes[~recognised].mean(),
    }


def collection_facts(clips: pd.DataFrame) -> dict[str, float]:
    """Counts of the whole collection (X16)."""
    sizes = clips["label"].value_counts()
    return {"instruments": clips["instrument"].nunique(), "largest_to_smallest_family": sizes.max() / sizes.min()}


def feature_facts(clips: pd.DataFrame) -> dict[str, float]:
    """What the annotations say of each note beside its name and family: values, and the fields they stand in (X18)."""
    return {
        "side_features": len(clips.columns.intersection(list(SIDE_FEATURES))),
        "side_feature_fields": sum(set(columns) <= set(clips.columns) for columns in FIELDS.values()),
    }


def by_instrument(clips: pd.DataFrame) -> pd.DataFrame:
    """Notes as examples of their instrument instead of its family, in groups of one pitch on it (S0-F18)."""
    pitch = clips["instrument"] + " " + clips["pitch"].astype(str)
    return clips.assign(label=clips["instrument"], group=pitch)


def _remote(part: str, bytes: int, md5: str, sha256: str | None = None) -> Remote:
    place = f"download.magenta.tensorflow.org/datasets/nsynth/nsynth-{part}.jsonwav.tar.gz"
    mirror = f"https://storage.googleapis.com/{place}"
    return Remote(f"http://{place}", sha256, bytes, verified=True, md5=md5, mirrors=(mirror,))


CORPUS = Corpus(
    name="nsynth",
    title="NSynth",
    bibliography=(
        "Engel, J., Resnick, C., Roberts, A., Dieleman, S., Norouzi, M., Eck, D. and Simonyan, K. (2017). Neural audio "
        "synthesis of musical notes with WaveNet autoencoders. ICML. arXiv:1704.01279."
    ),
    licence="CC BY 4.0, Google Inc. Nothing of it is part of this software.",
    home_page="https://magenta.tensorflow.org/datasets/nsynth",
    remotes=(
        _remote("train", 23_815_298_079, "fde6665a93865503ba598b9fac388660"),
        _remote("valid", 1_068_767_009, "87e94a00a19b6dbc99cf6d4c0c0cae87"),
        _remote(
            "test",
            349_501_546,
            "5e6f8719bf7e16ad0a00d518b78af77d",
            "0f9ba5d62beba9ec4612f918d19f5e87a681822f1c566124f05fe8b27a51934c",
        ),
    ),
    rate=RATE,
    endings=ENDINGS,
    scan=scan,
    render=render,
    protocols=PROTOCOLS,
    facts=facts,
    audits=(instruments_crossing, notes_crossing, evaluation_part),
    copies="B7",
    keeps_repeats=True,
    decisive=("part", *SIDE_FEATURES),
    side_features=SIDE_FEATURES,
    classes=FAMILIES,
    untested=(SYNTH_LEAD,),
    labellings={"instrument": by_instrument},
)
