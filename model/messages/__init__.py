"""Sentences in any language: messages, faults and errors, and the ids that they name."""
