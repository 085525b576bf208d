"""Numbers and dates in a text, as windows: how many, how much, when.

A hand-written reader over tokens rather than a pile of patterns: every step
looks at a fixed number of tokens, so hostile text costs no more than its
length. What may be part of a name, a score, a time of day or a telephone
number is left out: a value missed is better than one invented.
"""

from rag.values.quantity import Quantity, ValueKind, agree, comparable
from rag.values.reader import figures, periods, quantities
from rag.values.wording import Wording, near_copies, wording

__all__ = ["Quantity", "ValueKind", "Wording", "agree", "comparable", "figures", "near_copies", "periods", "quantities", "wording"]
