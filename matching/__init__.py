"""Which records speak of one supplier: spellings, pairs, entities, verdicts, and candidates on lists."""
