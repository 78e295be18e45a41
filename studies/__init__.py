"""What is asked, and launching it: one module per study, by document."""
