"""`./socle banc normes` : la vitesse des normes, et celle de leurs pairs dans la même course."""
