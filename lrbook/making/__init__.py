"""How the book is made: outputs of notebooks, hashes of code, smoke runs, what machine it was."""
