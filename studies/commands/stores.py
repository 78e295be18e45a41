"""The packed data of a study: real if they have been packed, else rendered on the spot, and the user is told which."""

import tempfile
from pathlib import Path

from studies.console import CONSOLE, Step
from trainables.corpora import CORPORA
from trainables.corpora.corpus import Progress
from trainables.corpora.folders import writable
from trainables.corpora.store import Store, load, open_store, pack
from trainables.errors import UserError


def corpora_folder(home: Path) -> Path:
    """Where packed corpora are."""
    return (home / "corpora").absolute()


def packed(corpus: str, source: Path, home: Path, step: Step) -> Store:
    """Check, decode and pack the files in `source`."""
    return pack(CORPORA[corpus], source, corpora_folder(home), counting(f"packing {corpus}", step))


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
        CORPORA[corpus].render(Path(folder), progress=counting(f"rendering {corpus}", step))
        return pack(CORPORA[corpus], Path(folder), root, counting(f"packing {corpus}", step))


def opened(corpus: str, home: Path, step: Step, *, rendered: bool) -> Store:
    """The data to run on: the packed corpus, or its rendered stand-in if asked for or nothing else is there."""
    root = corpora_folder(home)
    has_real = any(root.glob(f"{corpus}-real-*/store.json"))
    if has_real and not rendered:
        return open_store(root, corpus, rendered=False)
    store = render(corpus, home, step)
    why = (
        "as asked"
        if rendered
        else f"no packed {corpus} in {root}: `etude data {corpus}` with --download or --from DIR packs it"
    )
    CONSOLE.print(f"Audio: rendered stand-in ({why}). Rendered audio decides no finding.", soft_wrap=True)
    return store


def with_digest(corpus: str, digest: str, home: Path) -> Store:
    """The packed store that a run was begun with.

    Raises UserError if it is not there any more.
    """
    for path in corpora_folder(home).glob(f"{corpus}-*-{digest[:12]}"):
        return load(path)
    raise UserError(
        f"The data of this run ({corpus}, digest {digest[:12]}) are not in {corpora_folder(home)}: "
        f"pack the same files again with `etude data {corpus} --from DIR`."
    )


def counting(name: str, step: Step) -> Progress:
    """A progress callback for a piece of work of that name."""
    return lambda done, total: step(name, done, total)
