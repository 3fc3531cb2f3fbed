"""Training data of the language model: what villagers were asked in many villages, varied, and what rules answer."""
