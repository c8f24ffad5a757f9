"""What every domain package stands on: errors, states, journal, idempotency, numbering. No noun of the business."""
