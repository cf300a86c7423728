"""Tests of the student module."""
