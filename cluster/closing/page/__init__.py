"""Scripts and style of the report page, as small ES modules that `assets` joins; `three.bundle.js` is foreign (MIT)."""
