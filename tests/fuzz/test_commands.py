"""Whatever is written on the command line, it is done, or refused in a sentence."""

import resource
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from fuzzing import Hung, fuzzed, held, letters, stray, well_said
from hypothesis import event, given
from hypothesis import strategies as st

from analysis.findings import DOCUMENTS
from studies import catalogue
from studies.commands import cli, corpora, launching, planning, stores, training
from studies.scale import SCALES
from trainables.architectures import ARCHITECTURES
from trainables.corpora import CORPORA
from trainables.data.segments import SEGMENTATIONS
from trainables.errors import UserError
from trainables.frontends import FRONT_ENDS
from trainables.recipe.recipes import RECIPE
from trainables.resolving import DEFAULTS, parts
from trainables.storage import bucket
from trainables.trainings import TRAININGS
from trainables.weights import WEIGHTS

COMMANDS: dict[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
MEMORY = 3 * 2**30
HERE = ("music", "file", "runs", ".etude", "nowhere", "music/nowhere", "file/below", "")
S3 = ("s3://", "s3://bucket", "s3://bucket/runs/run", "s3://B u c k e t/x", "s3:///x")

values = st.text(letters | stray, max_size=300).filter(lambda text: text not in (".", ".."))
numbers = st.one_of(st.integers(), st.floats(), st.integers(-3, 300), st.floats(0, 1)).map(str)
KNOWN = [
    *CORPORA,
    *ARCHITECTURES,
    *FRONT_ENDS,
    *SEGMENTATIONS,
    *TRAININGS,
    *WEIGHTS,
    *catalogue.names(),
    *SCALES,
]
KNOWN += [document.name for document in DOCUMENTS.values()]
words = st.sampled_from(KNOWN)
anything = st.one_of(values, words, numbers, st.sampled_from([*HERE, *S3]))


def settings_of(architecture: str) -> dict[str, Any]:
    """All settings that a trial of an architecture can have, with their defaults."""
    found = dict(DEFAULTS)
    choices = {"front_end": FRONT_ENDS, "segmentation": SEGMENTATIONS, "training": TRAININGS}
    for name, entries in choices.items():
        for entry in entries:
            for each in parts({**DEFAULTS, "architecture": architecture, name: entry}).values():
                found |= each
    return found | dict(RECIPE.parameters)


SETTINGS = {name: settings_of(name) for name in ARCHITECTURES}
MEANT = {name: list(rules["choices"]) for name, rules in RECIPE.about.items() if "choices" in rules}
MEANT |= {"front_end": list(FRONT_ENDS), "segmentation": list(SEGMENTATIONS), "training": list(TRAININGS)}


@st.composite
def pairs(draw: st.DrawFn, architecture: str) -> str:
    """NAME=VALUE of a setting, mostly one that there is, with a value that may be meant."""
    known = SETTINGS.get(architecture, dict(DEFAULTS))
    name = draw(st.sampled_from(sorted(known)))
    default = known[name]
    if draw(st.booleans()) and name in MEANT:
        return f"{name}={draw(st.sampled_from(MEANT[name]))}"
    few = st.sampled_from([0.5, 1.0, 2.0])
    near = few.map(lambda share: type(default)(share * default)) if type(default) in (int, float) else st.just(default)
    far = {bool: st.booleans(), int: st.integers(-2, 2000), float: st.floats(-2, 100)}.get(type(default), words)
    value = draw(st.one_of(near, near, far, numbers, values))
    return draw(st.sampled_from([f"{name}={value}"] * 9 + [f"{value}={name}"]))


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its options and others, in any order, each with any value."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    options = [option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("-")]
    needed = [parameter for parameter in COMMANDS[name].params if not parameter.opts[0].startswith("-")]
    whole = st.tuples(*(anything for _ in needed)).map(list)
    line = draw(whole | whole | st.lists(anything, max_size=2))
    for option in draw(st.lists(st.sampled_from(options), max_size=3)):
        line += [option, *draw(values_of(COMMANDS[name], option))]
    odd = draw(st.sampled_from([*[""] * 7, "--help", "-h", "--debu", "--", "-"]))
    return [name, *line, *([odd] if odd else [])]


def values_of(command: Any, option: str) -> st.SearchStrategy[list[str]]:
    """What may follow an option: mostly what it takes, else anything or nothing."""
    (parameter,) = (parameter for parameter in command.params if option in parameter.opts)
    value = numbers if getattr(parameter, "bare_type", str) in (int, float) else anything
    meant = st.just([]) if getattr(parameter, "is_flag", False) else value.map(lambda value: [value])
    return meant | meant | meant | st.lists(anything, max_size=2)


@st.composite
def trainings(draw: st.DrawFn) -> list[str]:
    """`etude train` with settings."""
    architecture = draw(st.sampled_from(sorted(ARCHITECTURES)))
    given = draw(st.lists(pairs(architecture), min_size=1, max_size=4))
    return ["train", architecture, *(word for pair in given for word in ("--set", pair))]


def briefly(trial: Any) -> None:
    """Train an epoch, or as much of it as is done in two seconds: a large network is slow, and does not hang."""
    signal.setitimer(signal.ITIMER_REAL, 2.0)
    with suppress(Hung):
        trial.step()


@pytest.fixture(scope="module")
def cheap(small_corpora: Path) -> Iterator[None]:
    """A place where nothing is rendered, downloaded, launched or trained for long, and memory is short."""
    with pytest.MonkeyPatch.context() as patch:
        store = stores.open_store(small_corpora, "philharmonia", rendered=True)

        def not_here(*_: Any, **__: Any) -> Any:
            raise UserError("That is not done here.")

        def rendered(corpus: str, *_: Any, **__: Any) -> Any:
            return store if CORPORA[corpus].name == store.path.name.partition("-")[0] else not_here()

        patch.setattr(stores, "render", rendered)
        patch.setattr(corpora, "download", not_here)
        patch.setattr(launching, "run", not_here)
        patch.setattr(planning, "plan", not_here)
        patch.setattr(training, "follow", briefly)
        patch.setattr(bucket, "PATIENCE_SECONDS", 0.0)
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        before = resource.getrlimit(resource.RLIMIT_AS)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture
def somewhere(cheap: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a folder and a file in it."""
    place = tmp_path / "below" / "here"
    (place / "music").mkdir(parents=True)
    (place / "file").write_text("a file")
    monkeypatch.chdir(place)
    return place


@fuzzed(0.2)
@given(line=lines())
def test_any_line_is_done_or_refused(somewhere: Path, line: list[str]) -> None:
    before = held(somewhere)
    said = well_said(*line)
    event(f"{line[0]}: {said.code}")
    after = held(somewhere)
    # What is refused leaves at most folders behind.
    assert said.code == 0 or {name: what for name, what in after.items() if what != "folder"} == {
        name: what for name, what in before.items() if what != "folder"
    }


@fuzzed(0.2)
@given(line=trainings())
def test_any_setting_trains_or_is_refused(somewhere: Path, line: list[str]) -> None:
    event(f"trained: {well_said(*line).code == 0}")
    assert not list(somewhere.rglob("*.tmp"))
