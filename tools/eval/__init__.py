"""The evaluation: spam, wrappers, notices, robots files and real pages, measured with sets of its own."""
