"""The analysis engine: from tables to verdicts, without Django; every figure with its formula, units and source."""
