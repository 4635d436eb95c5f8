"""Publication, reports and exports: what readers see, and nothing that they must not."""
