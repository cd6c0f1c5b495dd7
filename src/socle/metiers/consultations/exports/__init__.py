"""Ce qui sort des consultations : tableurs, agenda, flux, PDF."""
