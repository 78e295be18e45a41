"""The way of the data in one trial: splits, segments, features, items, batches, predictions."""
