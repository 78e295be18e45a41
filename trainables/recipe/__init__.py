"""How a network is trained: optimiser, schedule, loss, initialisation."""
