"""Repositories that are broken, huge or ill-meant: none crashes, hangs or misleads a run."""
