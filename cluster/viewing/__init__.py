"""The live page of runs (`worldloom view`): reads run folders as they grow, shows them, starts and stops processes."""
