"""How the service grows with the number of handbooks: made-up handbooks, and what they cost."""
