"""Échéancier : obligations des collectivités, leurs dates et leurs textes."""
