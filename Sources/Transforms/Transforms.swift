// The room `Transforms`: see docs/architecture.md.
