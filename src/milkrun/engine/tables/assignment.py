"""The best whole assignment of rows to columns by a table of worths."""

from collections.abc import Sequence


def best_assignment(worth: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return pairs of row and column, each used once, whose sum of worths is greatest.

    There are as many pairs as rows or columns, whichever are fewer.

    Source: Kuhn, Naval Research Logistics Quarterly 2 (1955); by shortest augmenting paths as in Jonker and Volgenant,
    Computing 38 (1987).

    Example:
        >>> best_assignment([[0.9, 0.8], [0.85, 0.1]])
        [(0, 1), (1, 0)]
    """
    rows, columns = len(worth), len(worth[0]) if worth else 0
    if rows > columns:
        turned = best_assignment([[row[place] for row in worth] for place in range(columns)])
        return sorted((row, column) for column, row in turned)
    # Prices of rows and columns, and the row that holds a column; place 0 is the row that is being placed.
    of_row, of_column, holder = [0.0] * (rows + 1), [0.0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        _place(row, worth, of_row, of_column, holder)
    return sorted((row - 1, column - 1) for column, row in enumerate(holder) if column and row)


def _place(
    row: int, worth: Sequence[Sequence[float]], of_row: list[float], of_column: list[float], holder: list[int]
) -> None:
    """Place one more row: along the cheapest path of rows that give way to each other."""
    columns = len(of_column) - 1
    holder[0] = row
    least, before, seen = [float("inf")] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
    at = 0
    while holder[at]:
        seen[at] = True
        step, following = float("inf"), 0
        for column in range(1, columns + 1):
            if seen[column]:
                continue
            cost = -worth[holder[at] - 1][column - 1] - of_row[holder[at]] - of_column[column]
            if cost < least[column]:
                least[column], before[column] = cost, at
            if least[column] < step:
                step, following = least[column], column
        for column in range(columns + 1):
            if seen[column]:
                of_row[holder[column]] += step
                of_column[column] -= step
            else:
                least[column] -= step
        at = following
    while at:
        holder[at] = holder[before[at]]
        at = before[at]
