"""The machine: scenario, conductor, cohorts, generator pool, command line. The only package that knows Ray."""
