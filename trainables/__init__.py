"""What a trial does: corpora, front ends, architectures and the training loop."""
