"""The templates, and the parts that every page shares: styles, scripts and the policy that forbids all else."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from analysis import protocols, text
from analysis.claims import in_words
from analysis.figures.figure import Table
from analysis.figures.pipeline import Pipeline
from analysis.figures.style import DARK, TEMPLATE, TONES, opening
from analysis.report.embed import script_json
from analysis.report.links import claim_place
from analysis.statistics.intervals import FIXED

FILTERS = (
    "between",
    "duration",
    "effect",
    "limits",
    "lines",
    "margin",
    "measured",
    "number",
    "probability",
    "share",
    "signed",
    "slug",
    "span",
)
DASHES = {"solid": "none", "dash": "6 4", "dot": "2 3", "dashdot": "6 3 2 3", "longdash": "9 4"}
# Markers of a legend, drawn around (14, 7).
SYMBOLS = {
    "circle": "M10 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "square": "M10.5 3.5h7v7h-7z",
    "triangle-up": "M14 2.5l4.6 8h-9.2z",
    "triangle-down": "M14 11.5l4.6-8h-9.2z",
    "cross": "M12.6 2.6h2.8v3h3v2.8h-3v3h-2.8v-3h-3V5.6h3z",
    "x": "M14 5l2.6-2.6 2 2L16 7l2.6 2.6-2 2L14 9l-2.6 2.6-2-2L12 7 9.400 4.400l2-2z",
    "pentagon": "M14 2.500l4.500 3.300-1.700 5.200h-5.600l-1.700-5.200z",
    "star": "M14 2l1.500 3.300 3.600.4-2.700 2.400.8 3.500L14 9.800l-3.200 1.800.8-3.500-2.700-2.400 3.600-.4z",
    "diamond": "M14 1.800l5.200 5.200-5.200 5.200L8.800 7z",
}


HERE = str(__package__)


@cache
def environment(package: str = HERE) -> Environment:
    """The templates of a package and those here; what they insert is escaped, and an unknown name is an error."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in dict.fromkeys((package, HERE))]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {name: getattr(text, name) for name in FILTERS}
    made.tests |= {
        "a_table": lambda part: isinstance(part, Table),
        "a_pipeline": lambda part: isinstance(part, Pipeline),
    }
    made.filters |= {"in_words": in_words, "protocol_name": protocols.protocol_name, "claim_place": claim_place}
    roles = {"HEADLINE": protocols.HEADLINE, "PUBLISHED": protocols.PUBLISHED, "BASE": protocols.BASE}
    made.globals.update({**roles, "judging": protocols.judging})
    made.globals.update({"MARKS": text.MARKS, "DASHES": DASHES, "SYMBOLS": SYMBOLS, "DASH": text.DASH, "FIXED": FIXED})
    return made


def source(name: str) -> str:
    """The text of a stylesheet or script among the templates."""
    return (files(HERE) / "templates" / name).read_text(encoding="utf-8")


def stylesheet() -> str:
    """The style of a page; in the dark the keys of legends have the colours of the figures."""
    keys = "".join(
        f'.legend [{part}="{colour}" i], .legend [{part}^="{opening(colour)}"] {{ {part}: {tone}; }}\n'
        for colour, tone in TONES.items()
        for part in ("stroke", "fill")
    )
    return f"{source('style.css')}@media screen and (prefers-color-scheme: dark) {{\n{keys}}}\n"


def page(template: str, scripts: tuple[str, ...], **shown: object) -> str:
    """A whole page: one file that loads nothing and runs only the scripts whose hashes its policy lists.

    `shown` is what its template shows, under one name.
    """
    texts = [Markup(script) for script in scripts]
    shared = {
        "style": Markup(stylesheet()),
        "scripts": texts,
        "policy": policy(scripts),
        **plot_look(),
        "links": None,
    }
    return environment().get_template(template).render(**shared, **shown)


def plot_look() -> dict[str, Markup]:
    """What all figures of a page share, for the script that draws them: the look, and colours in the dark."""
    return {"plot_template": script_json(TEMPLATE.to_plotly_json()), "plot_dark": script_json(DARK)}


def policy(scripts: tuple[str, ...]) -> str:
    """A content security policy without any remote source; plotly needs styles and data: images of its own.

    Sounds are files beside the page, which may have been opened as a file.
    """
    allowed = " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "media-src 'self' file:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def plotly_script() -> str:
    return str(get_plotlyjs())
