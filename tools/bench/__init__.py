"""The benchmark: speed and memory of newscrawl as ratios to what others need, in one run on one machine."""
