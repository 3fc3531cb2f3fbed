"""Words of a song: syllables by rule, fitted to a melody. Makes no sound."""
