"""From SLS files to the results of states: rendering, compiling, requisites, running."""
