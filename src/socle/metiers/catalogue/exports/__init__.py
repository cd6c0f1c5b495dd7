"""Le catalogue en données ouvertes : JSON, CSV, et un publiccode.yml par solution."""
