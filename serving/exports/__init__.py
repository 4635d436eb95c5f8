"""The published tables in forms that office software opens."""
