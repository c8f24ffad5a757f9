"""States, moves and nouns inside a sentence, in the reader's language.

Their names stand in the state tables and beside each lock; `tools/messages.py` collects them from there.
"""

from django.utils.translation import pgettext

from milkrun.kernel.told import told


def spoken(state: str) -> str:
    """Say a state as it stands inside a sentence.

    Example:
        >>> spoken("on_delivery")
        'on delivery'
    """
    return pgettext("state", state.replace("_", " ")) if state else ""


def move_name(move: str) -> str:
    """Say what a move along a state table is called."""
    return pgettext("move", move.replace("_", " "))


def fact_name(key: str) -> str:
    """Say what a fact in the journal is."""
    return pgettext("fact", key.replace("_", " "))


def paper_word(text: str) -> str:
    """Say a word of a paper ("Delivery note"); of one with a value behind it ("Tax 19 %") the first word."""
    first, blank, rest = text.partition(" ")
    for said in (pgettext("paper", text), told(text), f"{pgettext('paper', first)}{blank}{rest}"):
        if said != text:
            return said
    return text


def noun_name(noun: str) -> str:
    """Say what a kind of row is called."""
    return pgettext("noun", noun)
