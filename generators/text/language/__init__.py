"""The embedded language model: a small Llama that reads labelled prompts and writes values under a schema."""
