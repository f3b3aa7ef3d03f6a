"""Tonnes and parts as a screen shows them."""


def kilotonnes(tonnes: float) -> str:
    """Tonnes as kt, with digits after the point where they are few."""
    kt = tonnes / 1e3
    digits = 0 if abs(kt) >= 1000 else 1 if abs(kt) >= 10 else 3
    return unsigned_zero(f"{kt:,.{digits}f}") if round(kt, 6) else "0"


def unsigned_zero(text: str) -> str:
    """A printed number without the minus sign of a rounded 0."""
    return text.lstrip("-") if not text.strip("-0.,") else text
