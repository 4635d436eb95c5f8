"""Ingest: source → landing → raw → canonical, with a quarantine for what does not fit."""
