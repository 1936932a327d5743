"""Steps that bring the cluster's database up to date, in the order of their names; a step that was released stays."""
