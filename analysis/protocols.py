"""The protocols, one entry each: what a reader calls them, and which trials are judged by them.

How a corpus divides its clips by a protocol stands with the corpus, in `trainables.corpora`, under the same name.
"""

from dataclasses import dataclass
from typing import Literal

from analysis.errors import unknown

Configuration = Literal["as_printed", "chosen"]
AS_PRINTED: Configuration = "as_printed"
CHOSEN: Configuration = "chosen"


@dataclass(frozen=True)
class Protocol:
    """A way to divide data, and what is made of it.

    `judged_by` is the configuration of each arm whose trials are judged; where claims have no verdict (`judges` is
    false), those trials are only shown. `folded`: cross-validated over the folds of a scale, else divided once.
    `headline`: its verdict comes first, and arms choose their configuration under it. `published`: the document's own,
    under which levels are compared with the printed ones; inflation is its accuracy less that under the `base`, which
    differs from it in the grouping alone.
    """

    name: str
    title: str
    judged_by: Configuration
    judges: bool = False
    folded: bool = False
    headline: bool = False
    published: bool = False
    base: bool = False

    @property
    def other(self) -> Configuration:
        return CHOSEN if self.judged_by == AS_PRINTED else AS_PRINTED


PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        Protocol("as_published", "as published", AS_PRINTED, judges=True, published=True),
        Protocol("corrected", "corrected", CHOSEN, judges=True, folded=True, headline=True),
        Protocol("grouped_same_sizes", "grouped, same sizes", AS_PRINTED, base=True),
    )
}
(HEADLINE,) = (protocol for protocol in PROTOCOLS.values() if protocol.headline)
(PUBLISHED,) = (protocol for protocol in PROTOCOLS.values() if protocol.published)
(BASE,) = (protocol for protocol in PROTOCOLS.values() if protocol.base)


def shown() -> list[Protocol]:
    """All protocols in the order in which pages show them, the headline first."""
    return sorted(PROTOCOLS.values(), key=lambda protocol: not protocol.headline)


def judging() -> list[Protocol]:
    """The protocols under which claims have verdicts, in the order in which pages show them."""
    return [protocol for protocol in shown() if protocol.judges]


def protocol_named(name: str) -> Protocol:
    """The protocol of that name; raises RunError, naming the nearest, for an unknown one."""
    if name not in PROTOCOLS:
        raise unknown("protocol", name, PROTOCOLS)
    return PROTOCOLS[name]


def protocol_name(name: str) -> str:
    """A protocol's name in words; one of a run of another version keeps its own."""
    return PROTOCOLS[name].title if name in PROTOCOLS else name.replace("_", " ")
