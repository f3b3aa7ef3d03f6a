"""What a case may say and hardly means: warnings, not errors."""
