"""Joins over the estate: call chains, units, and what runs and delivers them. Pure; touches no target."""
