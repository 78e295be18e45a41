"""Where the pages of a book lie, as seen from one of them."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from analysis.protocols import protocol_named
from analysis.text import slug
from analysis.verdicts.table import FindingVerdict

TRIALS = "trials"
"""The table of all trials on the page of a run."""


@dataclass(frozen=True)
class Links:
    """Addresses relative to a page; `root` leads from its folder to that of the book, "" or "../"."""

    root: str = ""

    def index(self) -> str:
        return f"{self.root}index.html"

    def document(self, name: str) -> str:
        return f"{self.root}documents/{name}.html"

    def finding(self, place: str) -> str:
        """The page of a finding, by its place (see `Row`)."""
        return f"{self.root}findings/{place}.html"

    def run(self, name: str) -> str:
        return f"{self.root}runs/{quote(name)}/index.html"

    def verdict(self, verdict: FindingVerdict) -> str:
        """The row of a run's table of verdicts that this one is in, with its first part."""
        part = next(iter(verdict.parts), "")
        return f"{self.run(verdict.origin.run)}#{claim_place(verdict.finding, part)}-{slug(verdict.protocol)}"

    def trials(self, verdict: FindingVerdict) -> str:
        """The trials of its run that are judged under its protocol."""
        judged = {"phase": "confirm", "protocol": verdict.protocol}
        judged["configuration"] = protocol_named(verdict.protocol).judged_by
        return f"{self.run(verdict.origin.run)}#{TRIALS}?{urlencode(judged)}"

    def costs(self, verdict: FindingVerdict) -> str:
        """All trials of its run, the longest first."""
        return f"{self.run(verdict.origin.run)}#{TRIALS}?sort=-cpu_seconds"


def claim_place(finding: str, part: str) -> str:
    """The id of a claim's row in the table of verdicts."""
    return slug(f"claim-{finding}-{part}" if part else f"claim-{finding}")
