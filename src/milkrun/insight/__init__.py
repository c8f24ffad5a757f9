"""What the rows add up to: read models built from journal and ledger, and the proof that both hold."""
