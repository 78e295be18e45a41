"""A page of the book around its content, and what lies beside the pages: the style, the scripts, and plotly once."""

from collections.abc import Iterator

from analysis.book.book import File
from analysis.report.environment import environment, plot_look, plotly_script, source, stylesheet
from analysis.report.links import Links

ASSETS = "assets"
PLOTLY = "plotly.min.js"
SCRIPTS = ("tables.js", "figures.js", "export.js")
"""Of every page; the second one reads plotly where there are figures."""

# Chromium takes 'self' for any file of a page that was opened as a file; it can compare no hash of such a script.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' file:; base-uri 'none'; form-action 'none'"
)


def leaf(place: str, template: str, **shown: object) -> File:
    """The page at a place below the folder of the book; `shown` is what its template shows, by names."""
    links = Links("../" * place.count("/"))
    about = {"links": links, "policy": POLICY, "assets": ASSETS, "scripts": SCRIPTS, "plotly": PLOTLY}
    html = environment(str(__package__)).get_template(template).render(**about, **plot_look(), **shown)
    return File(place, html.encode())


def assets() -> Iterator[File]:
    yield File(f"{ASSETS}/style.css", stylesheet().encode())
    yield File(f"{ASSETS}/{PLOTLY}", plotly_script().encode())
    for name in SCRIPTS:
        yield File(f"{ASSETS}/{name}", source(name).encode())
