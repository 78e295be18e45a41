"""Claims, as they are registered before a run: what is compared, in which direction, by how much and how it is judged.

A kind of claim is one module of this package, which holds its class: what it registers, its rule of judging, its
sentences and how its figures show it. The modules are found by themselves; the kinds below also have short names here.
"""

from importlib import import_module
from pkgutil import iter_modules

from analysis.claims.better import Better
from analysis.claims.claim import KINDS, Claim, dump, in_words, load, sesoi
from analysis.claims.class_share import ClassShare
from analysis.claims.cost import Cost
from analysis.claims.equal import Equal
from analysis.claims.fact import Fact
from analysis.claims.importance import Importance
from analysis.claims.interaction import Interaction
from analysis.claims.level import Level
from analysis.claims.never_hurts import NeverHurts
from analysis.claims.no_direction import NoDirection
from analysis.claims.optimum import Optimum
from analysis.claims.ranking import Ranking
from analysis.claims.recall import Recall
from analysis.claims.runs import Runs
from analysis.claims.saturates import Saturates
from analysis.claims.share import Share
from analysis.claims.slope import Slope
from analysis.claims.spread import Spread
from analysis.claims.unequal import Unequal

__all__ = [
    "KINDS",
    "Better",
    "Claim",
    "ClassShare",
    "Cost",
    "Equal",
    "Fact",
    "Importance",
    "Interaction",
    "Level",
    "NeverHurts",
    "NoDirection",
    "Optimum",
    "Ranking",
    "Recall",
    "Runs",
    "Saturates",
    "Share",
    "Slope",
    "Spread",
    "Unequal",
    "dump",
    "in_words",
    "load",
    "sesoi",
]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
