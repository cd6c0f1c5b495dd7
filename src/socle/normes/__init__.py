"""Normes officielles en modules purs : ni Django, ni réseau, ni horloge."""
