"""Made-up runs of the studies there are, in which claims hold, or fail, by construction.

`kinds` says of each kind of claim what has to be so of its arms' numbers, `quantities` of which numbers of a run each
metric is made, `linear` finds numbers of which all of that is true, and `tables` writes them as a run's tables.
"""
