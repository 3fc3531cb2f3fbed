"""Training and judging the embedded models: one harness for all of them. Answers no request."""
