"""The publication pipeline: runs, deadlines, updater pairs and the editors' desk."""
