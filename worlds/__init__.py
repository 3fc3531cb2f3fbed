"""The truth: space, time, terrain, settlements, actions and events. Knows no model, no Ray and no signature."""
