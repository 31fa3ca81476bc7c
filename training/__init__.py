"""How the shipped encoder was made: public Chinese text in, a sentence-transformers model folder out.

Nothing that serves questions imports this package.
"""
