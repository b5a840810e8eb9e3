"""Panels that live on a page: sliders, curves and recorded runs, and the browser's side."""

from lrbook.live.panels import Comparison, Panel, ScheduleChart, compare, panel

__all__ = ["Comparison", "Panel", "ScheduleChart", "compare", "panel"]
