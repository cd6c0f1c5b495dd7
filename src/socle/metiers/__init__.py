"""Les métiers de la collectivité ; ils ne se connaissent pas entre eux."""
