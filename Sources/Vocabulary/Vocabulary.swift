// The room `Vocabulary`: see docs/architecture.md.
