"""What the student module decides: plain values in, plain values out."""
