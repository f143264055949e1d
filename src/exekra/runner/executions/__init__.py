"""Handles what the Hub assigns: one execution at a time."""
