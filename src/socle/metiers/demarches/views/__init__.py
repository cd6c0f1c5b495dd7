"""Pages des démarches : le portail public, et les pages des agents."""
