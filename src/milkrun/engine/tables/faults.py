"""What can be wrong with a file: it cannot be read, cannot be understood without an answer, or single rows cannot."""

from dataclasses import dataclass


class Unreadable(ValueError):
    """The file gives no table at all: a code that programs compare, and one sentence for the reader."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class Undecided(ValueError):
    """The file can be read in more than one way: a question, and the flag that answers it."""

    def __init__(self, code: str, question: str, flag: str) -> None:
        super().__init__(f"{question} Answer with {flag}.")
        self.code = code
        self.question = question
        self.flag = flag


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """One value that could not be read, which refuses its row.

    Args:
        line: line of the file (row of the sheet), the first is 1.
        column: the header as it stands in the file; empty where the whole row is meant.
        value: the text that stood there, cut to 60 characters.
        reason: what is wrong with it.
    """

    line: int
    column: str
    value: str
    reason: str
