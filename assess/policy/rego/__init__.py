"""Rego as OPA runs it: compiled to WebAssembly and evaluated here, or on an OPA server."""
