"""Lunger and Rho, "Classifying and Generating Instrument Sound Samples Using ResNet and DCGAN" (S0)."""
