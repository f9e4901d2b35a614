"""The desk: the pages on which services are written, reviewed and published."""
