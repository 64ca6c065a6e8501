"""How dates are written: one package a language."""
