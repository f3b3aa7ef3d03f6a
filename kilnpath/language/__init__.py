"""What people read, in English and Traditional Chinese, from one catalogue."""
