"""Ce qui sort de la diffusion : flux, agendas, tableurs, messages à copier."""
