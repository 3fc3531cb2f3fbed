"""Templates of the report page; `*.j2` files, rendered by `closing.report` with autoescape."""
