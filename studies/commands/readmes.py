"""`make readme`: what the READMEs show of modules, studies and real runs, written from those themselves.

A block stands between `<!-- name -->` and `<!-- /name -->`. Real runs are the evidence in `analysis/evidence`.
"""

import ast
import re
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path

from analysis import findings
from analysis.columns import dictionary
from analysis.report import matrix, render, replication_markdown, verdict_markdown
from analysis.report.overview import Row
from analysis.report.verdict_file import SCHEMA, schema
from analysis.runs import Run
from analysis.text import MARKS, measured
from analysis.verdicts import finding_verdicts, verdicts
from studies import catalogue
from studies.driver.evidence import written
from trainables.errors import UserError
from trainables.storage import files

ROOT = Path(__file__).parents[2]
PACKAGES = ("studies", "search_spaces", "trainables", "analysis")
EVIDENCE = ROOT / "analysis" / "evidence"
EXAMPLE = ROOT / "studies" / "yun_bi" / "second_layer.py"
PICTURE = ROOT / "analysis" / "report" / "example.png"
PICTURED = "yun_bi/kernel_shape"
PRECISION = "precision_study"
DECIDED = ("reproduced", "contradicted")
# Of a PNG: its signature and its header chunk, after which a text may stand.
HEADER_BYTES = 8 + 25

Blocks = Mapping[str, Callable[[], str]]


def main() -> None:
    """Take the picture and write the schema of verdicts.json and every block of every README anew."""
    picture(PICTURE)
    files.replace(SCHEMA, schema().encode())
    for page in pages():
        files.replace(page, filled(page.read_text(), blocks_of(page)).encode())


def pages() -> list[Path]:
    """Every page of the project."""
    return [ROOT / "README.md", *(page for package in PACKAGES for page in sorted((ROOT / package).rglob("*.md")))]


def blocks_of(page: Path) -> Blocks:
    """What may stand in the blocks of a page, by name."""
    real = {"shipped": shipped, "picture": caption, "decided": decided, "verdicts": lambda: verdict_markdown(judged())}
    return {
        "plan": partial(plan, page.parent),
        "example": example,
        "replications": replications,
        "columns": dictionary,
        "precision": precision,
        **real,
    }


def filled(text: str, blocks: Blocks) -> str:
    """A page with each of its blocks written anew."""

    def written(found: re.Match[str]) -> str:
        return f"<!-- {found[1]} -->\n{blocks[found[1]]().strip()}\n<!-- /{found[1]} -->"

    return re.sub(r"<!-- (\w+) -->.*?<!-- /\1 -->", written, text, flags=re.DOTALL)


def plan(top: Path) -> str:
    """A line for each module of a folder and of its folders, with the first sentence of its docstring."""
    return "\n".join(lines_of(top, top))


def lines_of(folder: Path, top: Path) -> Iterator[str]:
    """The lines of a folder; one that has a README of its own is named and not opened."""
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        place, own = path.relative_to(top).as_posix(), (path / "README.md").exists()
        if path.suffix == ".py" and path.name != "__init__.py":
            yield f"- [`{place}`]({place}): {summary(path)}"
        elif (path / "__init__.py").exists():
            yield f"- **[`{place}/`]({place}{'/README.md' if own else ''})** {summary(path / '__init__.py')}"
            yield from () if own else (f"  {line}" for line in lines_of(path, top))


def summary(module: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    text = ast.get_docstring(ast.parse(module.read_text())) or ""
    return " ".join(text.partition("\n\n")[0].split())


def example() -> str:
    """A study as its file has it."""
    return f"```python\n{EXAMPLE.read_text().strip()}\n```"


def evidence() -> list[Run]:
    """The real runs in the repository, in order of name."""
    return [Run.load(folder) for folder in sorted(EVIDENCE.iterdir()) if folder.is_dir()]


@cache
def judged() -> list[Row]:
    """The findings of documents that the evidence has tested or replicated."""
    rows = matrix([verdict for run in evidence() if run.document for verdict in finding_verdicts(run)])
    return [row for row in rows if row.judged or row.elsewhere]


def decided() -> str:
    """The table of the findings that were decided under a protocol, and how many were tested."""
    tested = [row for row in judged() if row.judged]
    rows = [row for row in tested if any(cell.word in DECIDED for cell in row.cells.values())]
    count = f"{len(rows)} of {len(tested)} findings that were tested on real audio so far are decided"
    return f"{count}; [all of them](analysis/README.md#evidence).\n\n{verdict_markdown(rows)}"


def replications() -> str:
    """The table of the findings that were tested on other audio than their document's."""
    return replication_markdown(judged())


def precision() -> str:
    """A table of the networks that were trained in both precisions, as tests/benchmarks/precision_study.py asks."""
    (run,) = (run for run in evidence() if run.name == PRECISION)
    head = ["| network | in bfloat16 | verdict | difference or ratio | n |", "|---|---|---|---|---|"]
    rows = (
        (each.part, run.statements[each.finding], f"{MARKS[each.word]} {each.word}", measured(each), str(each.n))
        for each in verdicts(run)
    )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*head, *lines, "", f"{in_words(run)}, on {run.study['provenance']['machine']}."])


def shipped() -> str:
    """A table of the documents: corpus, findings, studies, and the runs in the repository."""
    runs, studies = evidence(), catalogue.names()
    head = ["| document | corpus | findings | studies | real runs in this repository |", "|---|---|---|---|---|"]
    for document in findings.DOCUMENTS.values():
        count = sum(finding.document == document.name for finding in findings.all())
        written = sum(name.startswith(f"{document.name}/") for name in studies)
        shown = "; ".join(in_words(run) for run in runs if run.name.startswith(f"{document.name}/"))
        title = f"*{document.title}*" if not document.url else f"[*{document.title}*]({document.url})"
        cells = (f"{document.authors}, {title}", document.corpus, str(count), str(written or "none yet"), shown or "–")
        head.append(f"| {' | '.join(cells)} |")
    return "\n".join(head)


def in_words(run: Run) -> str:
    """Which study a run is of, at which scale, and how far it went."""
    (epochs, printed), name = run.budget, run.name.rpartition("/")[2]
    where = f" on {run.elsewhere}" if run.elsewhere else ""
    if run.epochs.empty:
        return f"`{name}`{where}, counted without training"
    at = f"at scale {run.study['scale']['name']}, {epochs} of {printed} epochs"
    return f"`{name}`{where} {at}, n = {repetitions(run)}"


def repetitions(run: Run) -> str:
    """How often arms were trained and tested under a protocol: "8", or "12 to 24" where that differs."""
    tested = run.trials[(run.trials["phase"] == "confirm") & (run.trials["state"] == "complete")]
    counts = tested.groupby(["arm", "protocol"])["repetition"].nunique()
    few, most = counts.min(), counts.max()
    return f"{few}" if few == most else f"{few} to {most}"


def pictured() -> Path:
    """The evidence that the picture on the first page is of."""
    return next(run.path for run in evidence() if run.name == PICTURED)


def caption() -> str:
    """The picture, and what it is of."""
    run = Run.load(pictured())
    origin = run.study["provenance"]
    place = PICTURE.relative_to(ROOT).as_posix()
    text = f"The report of {in_words(run)}, run on {origin['started'][:10]} ({origin['machine']}); made from the run"
    return (
        f"![A report: verdicts first, evidence under them]({place})\n\n{text} `{run.path.name}` in `analysis/evidence`."
    )


def picture(path: Path) -> None:
    """Take the picture of the first screen of the report; raises UserError without a browser."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not browser:
        raise UserError("The picture is taken by a browser, and there is none: install Debian's chromium.")
    # Part of the tests' libraries, not of what étude needs.
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "report.html"
        page.write_text(render(Run.load(pictured())), encoding="utf-8")
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        sheet = started.new_page(viewport={"width": 1200, "height": 900})
        sheet.goto(page.as_uri())
        sheet.wait_for_timeout(2000)
        image = sheet.screenshot()
        started.close()
    files.replace(path, signed(image, digest(pictured())))


def digest(folder: Path) -> str:
    """A hash of the files of a run's evidence."""
    hashed = blake2b(digest_size=16)
    for path in written(folder):
        hashed.update(path.name.encode() + path.read_bytes())
    return hashed.hexdigest()


def signed(image: bytes, source: str) -> bytes:
    """A PNG that says in its text chunk "Source" what it was made from."""
    content = b"tEXtSource\0" + source.encode()
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return image[:HEADER_BYTES] + chunk + image[HEADER_BYTES:]


def source_of(path: Path) -> str:
    """What a PNG of `signed` was made from; "" for any other."""
    length, name = struct.unpack(">I11s", path.read_bytes()[HEADER_BYTES:][:15])
    start = HEADER_BYTES + 15
    return path.read_bytes()[start : start + length - 7].decode() if name == b"tEXtSource\0" else ""


if __name__ == "__main__":
    main()
