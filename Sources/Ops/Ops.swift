// The room `Ops`: see docs/architecture.md.
