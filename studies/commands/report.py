"""`etude report`: the page of a run."""

from studies.commands.options import HOME, Home, RunName
from studies.console import print_line


def report(run: RunName, home: Home = HOME) -> None:
    """Write the HTML page of a finished run anew, from its files alone."""
    from studies.driver.page import write_report
    from studies.driver.run import find

    print_line(f"Report: {write_report(find(run, home)).as_uri()}")
