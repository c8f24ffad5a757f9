"""How a company has shaped the product without code: words, extra fields, how numbers are written, steps done by themselves."""
