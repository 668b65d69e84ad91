"""The conformance kit: vectors of the card contract, a door to any meter, and a runner that needs nothing of ours."""
