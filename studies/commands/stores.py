"""The packed data of a study: real if they have been packed, else rendered on the spot, and the user is told which."""

import tempfile
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from studies.console import Step, remark
from trainables.corpora import CORPORA
from trainables.corpora.corpus import Corpus
from trainables.corpora.folders import writable
from trainables.corpora.own.corpus import at_its_rate
from trainables.corpora.own.naming import PREFIX
from trainables.corpora.packing import Accept, accept_all
from trainables.corpora.store import Store, load, open_store, pack, stores
from trainables.errors import UserError, unknown

ALIKE = 0.8
"""Names that are so much alike are taken for one that is mistyped (as `difflib` counts)."""


def corpora_folder(home: Path) -> Path:
    """Where packed corpora are."""
    return (home / "corpora").absolute()


def corpus_named(name: str, home: Path, *, new: bool = False) -> str:
    """The corpus that a user means by a name: one that is shipped, or one of their own that has been packed.

    With `new` it may be one that is still to be packed, unless its name is hardly another than that of one shipped.
    Raises InvalidSetting for any other name.
    """
    if name in CORPORA:
        return CORPORA[name].name
    mine = own_names(home)
    if name in mine or (new and not get_close_matches(name, CORPORA, cutoff=ALIKE)):
        return CORPORA[PREFIX + name].name
    packing = f"`etude data {name} --from DIR` packs audio of your own under that name."
    raise unknown("corpus", name, [*CORPORA, *mine], otherwise=packing)


def own_names(home: Path) -> list[str]:
    """The names of the user's own corpora that have been packed, as the user gave them."""
    found = corpora_folder(home).glob(f"{PREFIX}*-real-*")
    return sorted({path.name.removeprefix(PREFIX).rsplit("-real-", 1)[0] for path in found})


def from_folder(corpus: str, source: Path) -> Corpus:
    """A corpus as the files of a folder are packed; one without a rate gets that of the folder."""
    here = CORPORA[corpus]
    return here if here.rate else at_its_rate(here, source)


def packed(corpus: str, source: Path, home: Path, step: Step, accept: Accept = accept_all) -> Store:
    return pack(from_folder(corpus, source), source, corpora_folder(home), partial(step, f"packing {corpus}"), accept)


def render(corpus: str, home: Path, step: Step) -> Store:
    """The packed rendered stand-in of a corpus, rendered now if it has not been."""
    root = corpora_folder(home)
    try:
        return open_store(root, corpus, rendered=True)
    except UserError:
        # There is none yet, or it is damaged: rendering is cheap and always gives the same.
        with writable(root, "a packed corpus"):
            root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix="rendering-") as folder:
        CORPORA[corpus].render(Path(folder), progress=partial(step, f"rendering {corpus}"))
        return pack(CORPORA[corpus], Path(folder), root, partial(step, f"packing {corpus}"))


def opened(corpus: str, home: Path, step: Step, *, rendered: bool) -> Store:
    """The data to run on: the packed corpus, or its rendered stand-in if asked for or nothing else is there."""
    root = corpora_folder(home)
    if not rendered and stores(root, corpus, rendered=False):
        store = open_store(root, corpus, rendered=False)
        remark(f"Audio: {in_words(corpus, store)}{others(corpus, store)}")
        return store
    store = render(corpus, home, step)
    packs = f"no packed {corpus} in {root}: `etude data {corpus}` with --download or --from DIR packs it"
    why = "as asked" if rendered else packs
    remark(f"Audio: {in_words(corpus, store)} ({why}). Rendered audio decides no finding.")
    return store


def with_digest(corpus: str, digest: str, home: Path, *, rendered: bool) -> Store:
    """The packed store that a run was begun with.

    Raises UserError if it is not there any more.
    """
    root = corpora_folder(home)
    for path in stores(root, corpus, rendered):
        if path.name.endswith(f"-{digest[:12]}"):
            store = load(path)
            remark(f"Audio: {in_words(corpus, store)}.")
            return store
    again = f"render it again with `etude data {corpus} --render`"
    if not rendered:
        again = f"pack the same files again with `etude data {corpus} --from DIR`"
    raise UserError(f"The data of this run ({corpus}, digest {digest[:12]}) are not in {root}: {again}.")


def in_words(corpus: str, store: Store) -> str:
    """Which audio a store holds."""
    kind = "rendered stand-in" if store.rendered else "real"
    return f"{corpus}, {kind}, {len(store.clips):,} clips, digest {store.digest[:12]}"


def others(corpus: str, used: Store) -> str:
    """The other packed stores of real audio of a corpus, of which none is used."""
    found = [path for path in stores(used.path.parent, corpus, rendered=False) if path != used.path]
    digests = ", ".join(path.name.rpartition("-")[2] for path in found)
    return f", packed or asked for last; also there: {digests} (see `etude data {corpus} --check`)." if found else "."
