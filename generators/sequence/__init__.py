"""Small transformers over closed vocabularies: their weights and how they write. No vocabulary of its own."""
