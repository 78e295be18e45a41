"""Nothing that a run directory, a corpus or an archive holds is ever run, written elsewhere or shown as markup."""

import ast
import io
import json
import pickle
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
import torch

from analysis.report import render
from analysis.runs import Run
from studies.driver.run import data_card
from trainables.corpora import CORPORA
from trainables.corpora.store import pack
from trainables.data.features import FeatureCache
from trainables.resolving import resolve
from trainables.storage.files import sealed
from trainables.trial import CHECKPOINT, CONFIG, EPOCHS, Trial

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("studies", "search_spaces", "trainables", "analysis")
HOSTILE = "<script>alert(1)</script>"
# A name in a folder cannot hold the slash of an end tag.
FOLDER = "<script>alert(1)<"

FORBIDDEN = {
    "pickle.load", "pickle.loads", "pickle.Unpickler", "cloudpickle.load", "cloudpickle.loads", "joblib.load",
    "pd.read_pickle", "pandas.read_pickle", "marshal.loads", "shelve.open", "dill.load", "dill.loads",
    "yaml.load", "yaml.unsafe_load", "yaml.full_load", "eval", "exec", "os.system", "os.popen", "shutil.unpack_archive",
}  # fmt: skip
# Safe with this argument and not without it.
REQUIRED = {
    "torch.load": ("weights_only", True),
    "extractall": ("filter", "data"),
    "np.load": ("allow_pickle", False),
    "subprocess.run": ("shell", False),
    "subprocess.Popen": ("shell", False),
}
SAFE_BY_DEFAULT = {"np.load", "subprocess.run", "subprocess.Popen"}


def dangers(source: str) -> list[str]:
    """Calls in a module that would run what they read, or write outside of where they are told to."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        given = {
            word.arg: ast.literal_eval(word.value) for word in node.keywords if isinstance(word.value, ast.Constant)
        }
        required = next((key for key in REQUIRED if name == key or name.endswith(f".{key}")), None)
        if name in FORBIDDEN:
            found.append(name)
        elif required:
            argument, value = REQUIRED[required]
            safe = given.get(argument, value if required in SAFE_BY_DEFAULT else None) == value
            found += [] if safe else [name]
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_no_code_is_read_from_files(package):
    modules = list((ROOT / package).rglob("*.py"))
    assert modules
    found = {str(path.relative_to(ROOT)): dangers(path.read_text()) for path in modules}
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "call",
    [
        "pickle.loads(data)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "tar.extractall(folder)",
        "np.load(path, allow_pickle=True)",
        "subprocess.run(text, shell=True)",
        "yaml.load(text, Loader)",
    ],
)
def test_such_a_call_would_be_found(call):
    assert dangers(f"import x\n{call}\n")


def test_members_of_a_zip_cannot_leave_their_folder(tmp_path):
    """What the standard library promises, and corpora rely on."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../outside", "x")
        archive.writestr("/absolute", "x")
    with zipfile.ZipFile(content) as archive:
        archive.extractall(tmp_path / "inside")
    assert {path.name for path in tmp_path.iterdir()} == {"inside"}
    assert {path.name for path in (tmp_path / "inside").iterdir()} == {"outside", "absolute"}


class Bomb:
    """An object whose reading writes a file."""

    def __init__(self, target: Path):
        self.target = target

    def __reduce__(self):
        return Path.touch, (self.target,)


@pytest.mark.parametrize("how", ["pickle", "torch"])
def test_checkpoint_with_code_in_it_is_put_aside_and_not_run(how, store, tmp_path):
    target, trial = tmp_path / "exploded", tmp_path / "trials" / "x"
    trial.mkdir(parents=True)
    bomb = io.BytesIO()
    torch.save({"network": Bomb(target)}, bomb) if how == "torch" else bomb.write(pickle.dumps(Bomb(target)))
    # Proof that it would go off.
    pickle.loads(pickle.dumps(Bomb(target)))
    assert target.exists()
    target.unlink()
    settings = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20, "epochs": 1, "kernel": "3x5"}
    configuration = resolve({"corpus": "philharmonia", "architecture": "lenet", **settings})
    (trial / CONFIG).write_text(json.dumps(dict(configuration.settings)))
    (trial / EPOCHS).write_text("")
    (trial / CHECKPOINT).write_bytes(sealed(bomb.getvalue()))
    opened = Trial(trial, store.path, FeatureCache())
    assert not target.exists()
    assert (trial / f"{CHECKPOINT}.unreadable").exists()
    assert opened.fit.history == []


class Code(HTMLParser):
    """The text of each script, and the values of all attributes that run code."""

    def __init__(self, page: str):
        super().__init__()
        self.code: list[str] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script"
        self.code += [
            value for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")
        ]

    def handle_data(self, data):
        self.code += [data] if self.inside else []


def test_corpus_folder_with_markup_for_a_name_is_shown_as_text(corpora, synthetic_run, tmp_path):
    folder = tmp_path / "music"
    for source in sorted((corpora.parent / "music").rglob("*")):
        if source.is_file():
            target = folder / source.relative_to(corpora.parent / "music")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    hostile = folder / FOLDER / "script>"
    hostile.mkdir(parents=True)
    (hostile / f"{FOLDER}_A3_1_forte_normal.mp3").write_bytes(b"")
    packed = pack(CORPORA["philharmonia"], folder, tmp_path / "corpora")
    problems = data_card(packed, "philharmonia", [])["problems"]
    assert [HOSTILE in problem["path"] for problem in problems] == [True]
    arms = {"arms": ("first", "second"), "claims": (), "repetitions": 2, "epochs": 3, "explored": 2, "notes": 2}
    run = synthetic_run(tmp_path / "run", problems=[problems[0]["path"]], labels=("flute", HOSTILE), **arms)
    page = render(Run.load(run))
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "alert(1)" not in {code.strip() for code in Code(page).code}
    assert "alert(1)" in {code.strip() for code in Code(HOSTILE).code}
