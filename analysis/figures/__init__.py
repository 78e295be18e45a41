"""Figures, a module each: a data step (tables to a named tuple), a drawing step (that to plotly), and the words."""
