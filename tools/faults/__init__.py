"""Sweeps that try to make the archive lose an acknowledged record: power, kill -9, failing calls, full disks."""
