"""Whatever a study's file says, the study can be used, or is refused in a sentence that names the file."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fuzzing import fuzzed, json_values, letters, plain_letters, well_said
from hypothesis import event, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.claims import KINDS
from analysis.errors import RunError
from search_spaces.space import InvalidSpace, choice
from studies import yun_bi
from studies.driver.journal import Explore
from studies.scale import SCALES, Scale
from studies.study import Study, check, described
from trainables.architectures import ARCHITECTURES
from trainables.corpora import CORPORA
from trainables.errors import UserError
from trainables.recipe.recipes import RECIPE
from trainables.resolving import DEFAULTS

REFUSALS = (ValidationError, UserError, RunError, InvalidSpace)
SETTINGS = [*DEFAULTS, *RECIPE.parameters, "kernel", "units", "frames", "frame", "unknown"]
ARMS = ("five", "three", "", ".", "..", "a/b", "long " * 60)
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(letters, max_size=10)
wild = plain | json_values | st.sampled_from(["5x5", "3x8", *ARCHITECTURES, *CORPORA])
values = st.dictionaries(st.sampled_from(SETTINGS), wild, max_size=3)
arm_names = st.sampled_from(ARMS) | st.text(letters | st.just("/"), max_size=20)
arms = st.lists(
    st.fixed_dictionaries(
        {"name": arm_names, "settings": values | st.just({"kernel": "3x8"}) | st.just({"kernel": "3x5"})}
    ),
    max_size=3,
)
# Whatever one may write instead of a space, and spaces that a study cannot have.
spaces = (
    values
    | wild
    | st.builds(
        lambda name, of: choice(name, (of,)),
        st.sampled_from(SETTINGS),
        st.just(16) | st.text(plain_letters, max_size=4) | st.floats(),
    )
)


@st.composite
def claims(draw: st.DrawFn) -> Any:
    """A claim of any kind, each of its fields left out, good or wild."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    given = {}
    for name, field in kind.model_fields.items():
        if field.is_required() or draw(st.integers(0, 3)) == 0:
            given[name] = draw(
                st.sampled_from(ARMS[:2]) | st.sampled_from([("five", "three"), 2.0, 0.5, field.default]) | wild
            )
    return draw(st.sampled_from([kind(**given), given])) if valid(kind, given) else {**given, "kind": field_of(kind)}


def field_of(kind: Any) -> str:
    """The name of a kind of claim."""
    return str(kind.model_fields["kind"].default)


def valid(kind: Any, given: dict[str, Any]) -> bool:
    """Whether a claim can be made of these fields; if not, that is said in a sentence."""
    try:
        kind(**given)
    except RunError as error:
        assert str(error).endswith("."), error
        return False
    return True


@st.composite
def study_fields(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a study, one or two of them wild."""
    fields: dict[str, Any] = dict.fromkeys(("section", "title", "question"), "tiny")
    fields |= {
        "document": "yun_bi",
        "corpus": "philharmonia",
        "epochs": 3,
        "fixed": {"architecture": "lenet"},
        "tuned": {},
    }
    fields["arms"] = [{"name": name, "settings": {"kernel": name}} for name in ("5x5", "3x5")]
    changes = {"arms": arms, "fixed": values, "tuned": spaces, "claims": st.lists(claims(), max_size=2)}
    for name in draw(st.lists(st.sampled_from([*fields, "claims", "guessed", "unknown"]), min_size=1, max_size=2)):
        fields[name] = draw(changes.get(name, wild) | wild)
    return fields


@fuzzed(0.1)
@given(study_fields())
def test_study_of_any_values_can_be_used_or_is_refused(fields: dict[str, Any]) -> None:
    try:
        study = Study(**fields)
        check(study)
    except REFUSALS as error:
        event(f"refused: {type(error).__name__}")
        return
    event("made")
    text = described(study, "tiny/study")
    assert len(text["arms"]) == len(study.arms)
    with tempfile.TemporaryDirectory() as folder:
        scale = Scale(name="tiny", trials=2, epochs=2, repetitions=1)
        try:
            explore = Explore(Path(folder), study, scale, "digest")
            tasks = [explore.next() for _ in explore.arms]
        except REFUSALS as error:
            assert str(error).endswith((".", "?"))
            return
        assert len({task.name for task in tasks if task}) == len(explore.arms)
        assert {path.name for path in Path(folder).iterdir()} <= {"journal", "trials"}


@fuzzed(0.02)
@given(
    st.dictionaries(st.sampled_from([*SCALES["smoke"].model_dump(), "x"]), st.integers(-2, 2**70) | wild, max_size=4)
)
def test_scale_of_any_values_has_rungs_or_is_refused(fields: dict[str, Any]) -> None:
    try:
        scale = Scale(**{**SCALES["smoke"].model_dump(), **fields})
    except ValidationError:
        return
    last = scale.epochs_of(100)
    assert all(last / 3 <= rung < last for rung in scale.rungs(100))


SOURCE = '''"""A study of two kernels."""

from analysis.claims import Equal
from search_spaces.optimisation import batch_size
from studies.study import Study, arm

SQUARE, WIDE = arm("5x5", kernel="5x5"), arm("3x8", kernel="3x8")

STUDY = Study(
    document="yun_bi",
    section="1",
    title="A study",
    question="Does it matter?",
    corpus="philharmonia",
    epochs=3,
    fixed={"architecture": "lenet"},
    tuned=batch_size(16, 32),
    arms=(SQUARE, WIDE),
    claims=(Equal(finding="S4-F3", first="5x5", second="3x8"),),
)
'''
TOKENS = SOURCE.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split(" ")
PIECES = ["None", "1/0", "Study", "'x'", "[]", "{}", "raise SystemExit", "import nothing_there", "float('nan')", "-1"]
PIECES += ["open('/no/such/file')", "STUDY = 3", "\0", "\t", "(", '"', "lambda: 0", "𝔘", "arm(1)"]
numbers = count()


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The source of a study with some of its words changed, or cut, or anything."""
    kind = draw(st.sampled_from(["words", "words", "cut", "text"]))
    if kind == "cut":
        return SOURCE[: draw(st.integers(0, len(SOURCE)))]
    if kind == "text":
        return draw(st.text(plain_letters, max_size=60))
    changed = list(TOKENS)
    for place in draw(st.lists(st.integers(0, len(TOKENS) - 1), min_size=1, max_size=3)):
        changed[place] = draw(st.sampled_from(PIECES) | st.text(plain_letters, max_size=6))
    return " ".join(changed)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which further studies of a document lie."""
    monkeypatch.setattr(yun_bi, "__path__", [*yun_bi.__path__, str(tmp_path)])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@fuzzed(0.03)
@given(source=sources())
@example(source="STUDY = 3")
@example(source="raise SystemExit('no')")
@example(source=SOURCE)
def test_study_file_of_any_text_is_used_or_refused(mine: Path, source: str) -> None:
    # A name of its own: a module that has been imported is not read again.
    file = mine / f"broken{next(numbers)}.py"
    file.write_bytes(source.encode(errors="replace"))
    said = well_said("plan", f"yun_bi/{file.stem}", "--scale", "none")
    assert said.code == 1
    assert "Unknown scale" in said.err or "broken" in said.err, said.err
    event("used" if "Unknown scale" in said.err else "refused")
    # One study that is broken is no reason why another should not be found.
    assert "Unknown scale" in well_said("plan", "yun_bi/units", "--scale", "none").err
    file.unlink()
