"""Tables of other systems: read strictly, checked whole, taken in so that every row is accounted for."""
