"""What customers ask for: JIT calls, component groups, sequence streams, racks and supply agreements."""
