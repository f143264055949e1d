"""Regular expressions with one meaning wherever a person writes one: activities, expressions and filters.

The dialect is RE2's with the letters, digits, blanks and word borders of all languages, which RE2 itself has for ASCII
only (`dialect.py`). RE2 takes time linear in the text, whatever the pattern: it cannot hang. It has no word borders
beyond ASCII, so a pattern with `\\b` or `\\B` is matched by the package regex where the text is not ASCII, with a time
limit.
"""

from __future__ import annotations

from exekra.kit.patterns.pattern import Match, Pattern, PatternError, PatternTimeoutError, compile_pattern

__all__ = ["Match", "Pattern", "PatternError", "PatternTimeoutError", "compile_pattern"]
