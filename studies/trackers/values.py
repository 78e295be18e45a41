"""What is sent of a record."""

from trainables.fit import Record

NO_CURVE = ("epoch", "ended", "worker")


def values(record: Record) -> dict[str, float]:
    """The numbers of an epoch by name, but for its own."""
    return {name: float(value) for name, value in record.items() if name not in NO_CURVE and value is not None}
