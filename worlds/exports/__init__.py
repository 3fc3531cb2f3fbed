"""What a world looks like outside: a game world as GLB, a map as PNG. Reads the land's values, changes nothing."""
