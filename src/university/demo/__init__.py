"""A made-up Polish university, the same for the same seed, in the very format in which real data arrives."""

from university.demo.generation import University, generate
from university.demo.packing import to_zip

__all__ = ["University", "generate", "to_zip"]
