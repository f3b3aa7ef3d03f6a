"""Tests of the programme, the solver and the questions asked of them."""
