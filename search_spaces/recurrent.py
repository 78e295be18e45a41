"""Dimensions of recurrent networks."""

from search_spaces.space import choices_of

units = choices_of("units", "64", "128", "128-64", "128-128")
"""The widths of the layers, such as "128" or "128-64"; without names those of S4."""

cell = choices_of("cell", "lstm", "gru")
"""LSTM or GRU (S2-F26)."""

read_out = choices_of("read_out", "all", "last")
"""Whether all outputs are used or the last alone (S2-F25)."""

recurrent_first = choices_of("recurrent_first", False, True)
"""Whether recurrent layers come before the convolutions (S2-F24)."""

training = choices_of("training", "classification", "stateful")
"""Whether states end with their segment or go on into the next one of the same clip (S2-F53)."""
