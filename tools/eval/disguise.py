"""Dresses spam up as spammers do: mathematical and enclosed letters, look-alikes, invisible and spaced ones, leet."""

from __future__ import annotations

from random import Random

LATIN = "abcdefghijklmnopqrstuvwxyz"
MATH_STARTS = (0x1D400, 0x1D5D4, 0x1D468, 0x1D63C, 0x1D670)  # bold, sans bold, bold italic, sans bold italic, mono
ENCLOSED_STARTS = (0x1F130, 0x1F150, 0x1F170, 0x24B6)  # squared, negative circled, negative squared, circled
LOOKALIKE = {
    "a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "y": "у", "i": "і", "s": "ѕ", "j": "ј", "d": "ԁ",
    "A": "А", "B": "В", "C": "С", "E": "Е", "H": "Н", "K": "К", "M": "М", "O": "О", "P": "Р", "T": "Т", "X": "Х",
}  # fmt: skip
BACK = {other: latin for latin, other in LOOKALIKE.items()}
LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7", "b": "8", "g": "9"}
ZERO_WIDTH = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad")


def math_letters(text: str, rng: Random) -> str:
    """Latin letters and digits as mathematical ones (U+1D400 and on)."""
    start = rng.choice(MATH_STARTS)
    lower, digit = start + 26, 0x1D7CE if start == 0x1D400 else 0x1D7EC

    def dress(letter: str) -> str:
        if "A" <= letter <= "Z":
            return chr(start + ord(letter) - 65)
        if "a" <= letter <= "z":
            return chr(lower + ord(letter) - 97)
        return chr(digit + int(letter)) if letter in "0123456789" else letter

    return "".join(map(dress, text))


def enclosed(text: str, rng: Random) -> str:
    """Latin letters in squares and circles."""
    start = rng.choice(ENCLOSED_STARTS)
    return "".join(chr(start + LATIN.index(one)) if (one := letter.lower()) in LATIN else letter for letter in text)


def lookalikes(text: str, rng: Random) -> str:
    """Some letters of each word swapped for another script's, both ways."""
    return "".join(
        (LOOKALIKE.get(letter) or BACK.get(letter) or letter) if rng.random() < 0.7 else letter for letter in text
    )


def zero_width(text: str, rng: Random) -> str:
    """Invisible characters between the letters of each word."""
    mark = rng.choice(ZERO_WIDTH)
    return " ".join(mark.join(word) if len(word) > 2 else word for word in text.split(" "))


def spaced(text: str, rng: Random) -> str:
    """Each word spelt out: `s l o t`, two spaces between words."""
    gap = rng.choice((" ", ".", "-", "_"))
    return "  ".join(gap.join(word) for word in text.split(" "))


def leet(text: str, rng: Random) -> str:
    """Digits for letters inside the words."""
    return "".join(LEET.get(letter.lower(), letter) if rng.random() < 0.6 else letter for letter in text)


def tags(text: str, rng: Random) -> str:
    """Invisible tag characters (U+E0020 to U+E007E) strewn among the letters."""
    return "".join(letter + (chr(0xE0000 + rng.randrange(0x61, 0x7B)) if letter.isalpha() else "") for letter in text)
