"""What is sent of a record."""

from trainables.fit import Record


def values(record: Record) -> dict[str, float]:
    """The numbers of an epoch by name, but for its own."""
    return {name: float(value) for name, value in record.items() if name != "epoch" and value is not None}
