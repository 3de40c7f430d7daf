// The room `Source`: see docs/architecture.md.
