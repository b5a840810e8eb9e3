"""The Python that the notebooks of this book share.

Importing it makes Apache MXNet 1.9.1 importable on today's Python and NumPy; it imports
neither MXNet nor any module of this package.
"""

from lrbook.mxnet_today import compat

compat.install()
