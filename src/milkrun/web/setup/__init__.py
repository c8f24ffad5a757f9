"""Set-up without code: people, roles, words, extra fields, numbers and steps that are done by themselves."""
