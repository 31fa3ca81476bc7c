"""Chinese and Arabic numerals as question numbers use them, 1 to 9,999."""

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
LARGEST = 9_999
# Older ways to write twenty and thirty.
TENS = str.maketrans({"廿": "二十", "卅": "三十"})
# The characters a numeral may hold.
NUMERAL_CHARACTERS = "".join([*DIGITS, *UNITS, "廿卅"])


def parse_number(numeral: str) -> int | None:
    """Return the value of a numeral, or None when it is not one.

    Reads Arabic digits of any script ("38", "３８"), positional Chinese ("三八", "二〇二二") and
    Chinese with units ("三十八", "十", "廿八", "一百零五").
    """
    numeral = numeral.translate(TENS)
    if not numeral:
        return None
    if all(character.isdecimal() for character in numeral):
        return int(numeral)
    if all(character in DIGITS for character in numeral):
        return int("".join(str(DIGITS[character]) for character in numeral))
    return _parse_with_units(numeral)


def _parse_with_units(numeral: str) -> int | None:
    total, digit, smallest_unit = 0, None, 10_000
    for character in numeral:
        if character in DIGITS:
            if digit:  # two digits in a row, as in "三四十", is an estimate and no number
                return None
            digit = DIGITS[character]
        elif character in UNITS and UNITS[character] < smallest_unit:
            smallest_unit = UNITS[character]
            # "十八" leaves out the one; "三百零十" does not exist.
            if digit == 0 or (digit is None and character != "十"):
                return None
            total += (digit or 1) * smallest_unit
            digit = None
        else:
            return None
    return total + (digit or 0)


def chinese_numeral(number: int) -> str:
    """Return a number as headings print it: 38 is "三十八", 10 is "十", 105 is "一百零五".

    Raises:
        ValueError: If the number is not between 1 and 9,999.
    """
    if not 1 <= number <= LARGEST:
        msg = f"a question number lies between 1 and 9,999, not {number}"
        raise ValueError(msg)
    names = "零一二三四五六七八九"
    printed, pending_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit == 0:
            pending_zero = bool(printed)
            continue
        printed += ("零" if pending_zero else "") + names[digit] + name
        pending_zero = False
    return printed.removeprefix("一") if printed.startswith("一十") else printed
