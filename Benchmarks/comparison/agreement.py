"""Do both count the same?"""

from decimal import Decimal


def differences(ours, theirs):
    """A line for every segment in which size, orders or revenue differ, or that one of the two lacks."""
    lines = []
    for name in list(ours) + [name for name in theirs if name not in ours]:
        if name not in theirs:
            lines.append(f"{name}: DuckDB has no such segment")
        elif name not in ours:
            lines.append(f"{name}: Shoal has no such segment")
        else:
            for figure, our, their in zip(("size", "orders", "revenue"), ours[name], theirs[name]):
                if Decimal(our) != Decimal(their):
                    lines.append(f"{name}: {figure} {our} by Shoal, {their} by DuckDB")
    return lines
