// The room `Training`: see docs/architecture.md.
