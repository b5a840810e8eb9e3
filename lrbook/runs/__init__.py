"""Experiments as values, plans and sweeps of them, and the store of what they gave."""
