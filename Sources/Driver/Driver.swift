// The room `Driver`: see docs/architecture.md.
