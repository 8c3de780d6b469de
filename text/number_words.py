"""Words for numbers in five languages: what text/numbers.py reads and text/swapping.py writes."""

from __future__ import annotations

from functools import lru_cache

ONES = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf",
}
TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
}
SCALES = {
    "en": {"hundred": 1e2, "hundreds": 1e2, "dozen": 12, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3,
           "trillion": 1e12, "m": 1e6, "bn": 1e9, "decade": 10, "decades": 10, "century": 100, "centuries": 100},
    "de": {"hundert": 1e2, "dutzend": 12, "tausend": 1e3, "million": 1e6, "millionen": 1e6, "mio": 1e6,
           "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "jahrzehnt": 10, "jahrzehnte": 10, "jahrzehnten": 10,
           "jahrhundert": 100, "jahrhunderte": 100, "jahrhunderten": 100},
    "es": {"cien": 1e2, "ciento": 1e2, "docena": 12, "mil": 1e3, "millón": 1e6, "millones": 1e6,
           "década": 10, "décadas": 10, "siglo": 100, "siglos": 100},
    "fr": {"cent": 1e2, "cents": 1e2, "douzaine": 12, "mille": 1e3, "million": 1e6, "millions": 1e6,
           "milliard": 1e9, "milliards": 1e9, "décennie": 10, "décennies": 10, "siècle": 100, "siècles": 100},
    "ja": {"十": 10, "百": 1e2, "千": 1e3, "万": 1e4, "億": 1e8, "兆": 1e12},
}  # fmt: skip
OTHERS = {
    "en": {"half": 0.5, "halved": 0.5, "quarter": 0.25, "twice": 2, "doubled": 2, "triple": 3,
           "tripled": 3, "thrice": 3, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
           "ninth": 9, "tenth": 10},
    "de": {"hälfte": 0.5, "halb": 0.5, "halbe": 0.5, "drittel": 1 / 3, "viertel": 0.25, "doppelt": 2, "zweimal": 2,
           "dreimal": 3, "zweite": 2, "zweiten": 2, "dritte": 3, "dritten": 3, "vierte": 4, "vierten": 4},
    "es": {"mitad": 0.5, "tercio": 1 / 3, "doble": 2, "triple": 3, "segundo": 2, "segunda": 2, "tercero": 3,
           "tercera": 3, "tercer": 3, "cuarto": 4},
    "fr": {"moitié": 0.5, "demi": 0.5, "tiers": 1 / 3, "quart": 0.25, "double": 2, "triple": 3, "deuxième": 2,
           "troisième": 3, "quatrième": 4},
    "ja": {"半分": 0.5, "半数": 0.5, "過半数": 0.5, "倍増": 2},
}  # fmt: skip
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
COUNTERS = "つ人年月日回個件本歳番度倍点時分秒円社国州枚冊台章節条項件名種期世代位週ヶカヵか%割ドル点つ"


@lru_cache(maxsize=8)
def spelled(language: str) -> dict[str, float]:
    """Return the words of a language for 0 and 2 to 99, as far as they are regular; none for Japanese."""
    if language not in ONES:
        return {}
    ones, tens = ONES[language].split(), TENS[language].split()
    found = {word: float(value) for value, word in enumerate(ones) if value != 1}
    found |= {word: float(ten * 10) for ten, word in enumerate(tens, 2)}
    for ten, tenth in enumerate(tens, 2):
        for unit in range(1, 10):
            found |= dict.fromkeys(_joined(language, tenth, ones, ten, unit), float(ten * 10 + unit))
    return found


def _joined(language: str, ten: str, ones: list[str], tens: int, unit: int) -> list[str]:
    one = ones[unit]
    if language == "en":
        return [f"{ten}-{one}"]
    if language == "de":
        return [f"{'ein' if unit == 1 else one}und{ten}"]
    if language == "es":
        return [f"veinti{one}"] if tens == 2 else [f"{ten} y {one}"]
    if tens in (7, 9):  # soixante-douze, quatre-vingt-douze
        return [f"{ten.removesuffix('-dix')}-{ones[10 + unit]}"]
    return [f"{ten.removesuffix('s') if tens == 8 else ten}-{one}"]
