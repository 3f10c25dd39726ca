"""Which cases of a mode a run takes."""

import random


def draw(cases, options, short):
    """All cases; in a short run, or when it is said how many, so many of them by the seed."""
    count = short if options.short else options.drawn or len(cases)
    if count >= len(cases):
        return cases
    return [cases[position] for position in sorted(random.Random(options.seed).sample(range(len(cases)), count))]
