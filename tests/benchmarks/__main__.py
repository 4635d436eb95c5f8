"""`make bench`: every measurement, one after the other; each writes to build/bench."""

import sys

from tests.benchmarks import (
    class_protection,
    demo_precision,
    linkage_employers,
    linkage_pairs,
    loading,
    lookup,
    matching_scale,
    mine_sites,
    network_exposure_scale,
    network_scale,
    scoring_scale,
    survey_release,
)

if __name__ == "__main__":
    sys.exit(
        linkage_pairs.main()
        or linkage_employers.main()
        or loading.main()
        or lookup.main()
        or demo_precision.main()
        or mine_sites.main()
        or network_scale.main()
        or network_exposure_scale.main()
        or matching_scale.main()
        or scoring_scale.main()
        or survey_release.main()
        or class_protection.main(["ranking"])
    )
