"""The files of a corpus: got, looked at, packed, and what there is of them."""

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from studies.commands.stores import corpora_folder, corpus_named, from_folder, packed, render
from studies.console import Step, print_line
from trainables.corpora import CORPORA
from trainables.corpora.checking import changed, examine
from trainables.corpora.corpus import Progress
from trainables.corpora.own.naming import PREFIX
from trainables.corpora.packing import accept_all
from trainables.corpora.store import Store, load, stores
from trainables.downloads.downloading import download, some_of
from trainables.errors import UserError
from trainables.storage.bucket import SCHEME, Bucket

MEGABYTE = 1e6
MOST_UNUSED = 0.05


def get(
    corpus: str,
    source: str | None,
    home: Path,
    step: Step,
    *,
    download: bool,
    check: bool,
    only: Sequence[str] = (),
    incomplete: bool = False,
) -> None:
    """Pack what is in `source`, or what is published, or the rendered stand-in; or only `check` what there is.

    Of what is published `only` some archives, or all. A folder is packed under any name. Where more than `MOST_UNUSED`
    of the files of a user's own cannot be used, it must be said that it may be `incomplete`. Raises InvalidSetting for
    an unknown corpus, before anything is looked for under that name.
    """
    name = corpus_named(corpus, home, new=source is not None)
    folder = brought(name, source, home, step) if source else None
    if check and folder:
        check_folder(name, folder, step)
        return
    if check:
        check_stores(name, home, step)
        return
    if download:
        store = downloaded(name, only, home, step)
    else:
        # What a folder of a corpus that is shipped lacks is known; of a user's own nobody has looked at it before.
        accept = refuse_incomplete if name.startswith(PREFIX) and not incomplete else accept_all
        store = packed(name, folder, home, step, accept) if folder else render(name, home, step)
    list_problems(store.problems)
    print_line(summary(name, store))


def downloaded(corpus: str, only: Sequence[str], home: Path, step: Step) -> Store:
    """Have the published files of a corpus below `home`, of all its archives or of some, and pack what is there."""
    folder = (home / "downloads" / corpus).absolute()
    download(some_of(CORPORA[corpus], only), folder, print_line, lambda name: megabytes(name, step))
    return packed(corpus, folder, home, step)


def brought(corpus: str, source: str, home: Path, step: Step) -> Path:
    """The folder of a corpus's files; what is in a bucket is copied below `home`, but for what is there already."""
    if not source.startswith(SCHEME):
        return Path(source)
    folder, bucket = (home / "downloads" / corpus).absolute(), Bucket(source)
    names = bucket.names()
    if not names:
        raise UserError(f"There is nothing in {source}: put the corpus's files as published there.")
    missing = [name for name in names if not (folder / name).exists()]
    bucket.download(missing, folder, partial(step, f"fetching {corpus}"))
    return folder


def refuse_incomplete(problems: pd.DataFrame, files: int) -> None:
    """Raise UserError where more than `MOST_UNUSED` of all files cannot be used, and list these."""
    if len(problems) <= MOST_UNUSED * files:
        return
    list_problems(problems)
    raise UserError(
        f"{len(problems)} of {files} files ({100 * len(problems) / files:.1f} %) cannot be used, and nothing was "
        "packed: mend them, or pack the others with --incomplete."
    )


def check_folder(corpus: str, source: Path, step: Step) -> None:
    """Say what packing a folder would give, and pack nothing."""
    found = examine(from_folder(corpus, source), source, partial(step, f"checking {corpus}"))
    list_problems(found.problems)
    print_line(f"{counts(corpus, found.rendered, found.clips, found.problems)}, digest {found.digest}; nothing packed")


def check_stores(corpus: str, home: Path, step: Step) -> None:
    """Say what each packed store of a corpus holds, and whether it is still what was packed.

    Raises UserError if there is none, or one is damaged.
    """
    root, name = corpora_folder(home), CORPORA[corpus].name
    paths = stores(root, name, rendered=False) + stores(root, name, rendered=True)
    if not paths:
        raise UserError(
            f"There is no packed {corpus} in {root}: pack it with `etude data {corpus} --from DIR`, or --download."
        )
    damaged = [path for path in paths if not sound(corpus, path, step)]
    if damaged:
        raise UserError(
            f"{len(damaged)} of {len(paths)} packed stores of {corpus} cannot be used any more: "
            f"delete {', '.join(map(str, damaged))} and pack the corpus again."
        )


def sound(corpus: str, path: Path, step: Step) -> bool:
    """Describe the store in a folder; whether all of it is as it was packed."""
    try:
        store = load(path)
    except UserError as error:
        print_line(str(error))
        return False
    list_problems(store.problems)
    print_line(summary(corpus, store))
    clips = changed(store, CORPORA[corpus], partial(step, f"checking {path.name}"))
    verdict = f"damaged: {len(clips)} clips are not what was packed, {clips[0]} among them" if clips else "unchanged"
    print_line(f"digest {store.digest}: {verdict}")
    return not clips


def summary(corpus: str, store: Store) -> str:
    minutes = len(store.audio) / store.rate / 60
    counted = counts(corpus, store.rendered, store.clips, store.problems)
    return f"{counted}; {minutes:.0f} min at {store.rate} Hz, packed in {store.path}"


def counts(corpus: str, rendered: bool, clips: pd.DataFrame, problems: pd.DataFrame) -> str:
    kind = "rendered stand-in" if rendered else "real audio"
    return (
        f"{corpus} ({kind}): {len(clips)} clips of {clips['label'].nunique()} classes in "
        f"{clips['group'].nunique()} groups, {len(problems)} files not used"
    )


def list_problems(problems: pd.DataFrame) -> None:
    for problem in problems.itertuples():
        print_line(f"not used: {problem.path}: {problem.reason}")


def megabytes(name: str, step: Step) -> Progress:
    """A progress callback in bytes for a piece of work of that name; a total of 0 is one that nobody knows."""

    def progress(done: int, total: int) -> None:
        whole = max(1, math.ceil(max(done, total) / MEGABYTE))
        step(f"{name} (MB)", whole if done == total else done / MEGABYTE, whole)

    return progress
