"""Ce que la page et l’interface de programmation rendent : rapports, description OpenAPI."""
