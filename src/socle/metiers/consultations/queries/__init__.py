"""Lectures des consultations."""
