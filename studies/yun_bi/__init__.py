"""Yun and Bi, "Deep learning for musical instrument recognition" (S4): LeNet against LSTM on Philharmonia samples."""
