// The room `Syntax`: see docs/architecture.md.
