"""Adoption : qui utilise quoi, où, depuis quand ; conventions."""
