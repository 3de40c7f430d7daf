// The room `Execution`: see docs/architecture.md.
