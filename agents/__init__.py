"""The mind: persona, memory, retrieval, plan, talk and decision. Asks generators, never the world's insides."""
