// The room `Semantics`: see docs/architecture.md.
