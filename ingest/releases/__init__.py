"""What may be told of workers' answers beside the classes: rates under suppression, and synthetic records."""
