// The room `Datasets`: see docs/architecture.md.
