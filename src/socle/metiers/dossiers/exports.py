"""Documents produits : accusé et décision (PDF/A-3a et PDF/UA-1)."""
