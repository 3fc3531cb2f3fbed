"""Vector pictures written by a small transformer: tokens, grammar, drawing, source, course. Not pixels."""
