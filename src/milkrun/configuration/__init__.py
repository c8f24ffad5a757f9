"""How a company has shaped the product without code: words, extra fields, number formats, automatic steps."""
