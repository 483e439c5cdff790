"""Builders of training examples, one module for each source."""
