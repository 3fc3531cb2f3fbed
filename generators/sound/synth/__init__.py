"""From note events to audio: instruments, a voice, a room, a file. Knows no theory."""
