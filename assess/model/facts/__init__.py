"""The kinds of facts, a module a family; `assess.model.fact` has them all."""
