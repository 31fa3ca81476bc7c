"""What keeps one caller, or too many at once, from costing the others their answers."""
