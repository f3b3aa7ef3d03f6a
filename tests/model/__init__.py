"""Tests of the model, by hand, against published tables and by laws."""
