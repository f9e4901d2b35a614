"""Moving content in and out: the documented JSON format."""
