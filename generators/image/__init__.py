"""Pictures: vector programs for signs and emblems, as SVG and PNG. Not for maps or report graphics."""
