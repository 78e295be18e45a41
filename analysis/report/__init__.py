"""Pages: the report of one run, and the overview of all findings."""

from analysis.report.overview import matrix, render_overview, replication_markdown, verdict_markdown
from analysis.report.page import render
from analysis.report.verdict_file import verdict_json

__all__ = ["matrix", "render", "render_overview", "replication_markdown", "verdict_json", "verdict_markdown"]
