"""Entrée de `./socle`."""

print("socle")
