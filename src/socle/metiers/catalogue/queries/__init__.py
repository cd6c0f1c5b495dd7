"""Lectures du catalogue : en nombre constant, triées."""
