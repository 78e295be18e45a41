"""Figures: each a data step (tables to a named tuple of tables) and a drawing step (that tuple to a plotly figure)."""

from analysis.figures.classes import classes_data, draw_classes
from analysis.figures.confusion import confusion_data, draw_confusion
from analysis.figures.costs import costs_data, draw_costs
from analysis.figures.curves import arm_curves_data, curves_data, draw_arm_curves, draw_curves
from analysis.figures.differences import Differences, differences_data, draw_differences, draw_slopes, slopes_data
from analysis.figures.features import augmented_data, draw_augmented, draw_features, features_data
from analysis.figures.forest import draw_forest, forest_data
from analysis.figures.isolation import draw_explored, draw_isolation, explored_data
from analysis.figures.kernels import draw_kernels, kernels_data
from analysis.figures.layers import layers_data
from analysis.figures.leakage import draw_leakage, leakage_data
from analysis.figures.pipeline import pipeline_data
from analysis.figures.sound import cut_data, draw_cut, draw_examples, examples_data
from analysis.figures.splitmap import draw_split_map, split_maps_data
from analysis.figures.style import arm_styles

__all__ = [
    "Differences",
    "arm_curves_data",
    "arm_styles",
    "augmented_data",
    "classes_data",
    "confusion_data",
    "costs_data",
    "curves_data",
    "cut_data",
    "differences_data",
    "draw_arm_curves",
    "draw_augmented",
    "draw_classes",
    "draw_confusion",
    "draw_costs",
    "draw_curves",
    "draw_cut",
    "draw_differences",
    "draw_examples",
    "draw_explored",
    "draw_features",
    "draw_forest",
    "draw_isolation",
    "draw_kernels",
    "draw_leakage",
    "draw_slopes",
    "draw_split_map",
    "examples_data",
    "explored_data",
    "features_data",
    "forest_data",
    "kernels_data",
    "layers_data",
    "leakage_data",
    "pipeline_data",
    "slopes_data",
    "split_maps_data",
]
