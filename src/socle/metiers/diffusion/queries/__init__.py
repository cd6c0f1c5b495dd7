"""Lectures de la diffusion."""
