"""Which extractors a file is offered by its path, and which of them read it by its content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from assess.collect.git.extract import EXTRACTORS
from assess.collect.git.file import Extractor

_FEW = 5
"""Up to so many words are faster looked for one by one: `in` goes at 1.7 GB/s a word, the automaton at 0.4 GB/s for all."""
_SOME = 32
"""Up to so many words, whether any is there is asked at 8 GB/s first, by vectors; that search misses what begins inside another word."""
_MANY = 100
"""In a slice with more words than this, looking at each of them would cost more than looking through the slice."""
_SLICE = 1 << 16
"""How much is searched at once: a hostile file may hold a word a million times, and each place costs memory."""


class Dispatch:
    """Which extractors a path is offered, by its name's prefix and suffix; what is asked of every file is one look-up each."""

    def __init__(self, extractors: Sequence[Extractor] = EXTRACTORS) -> None:
        self._by_name: dict[str, list[Extractor]] = defaultdict(list)
        self._by_suffix: dict[str, list[Extractor]] = defaultdict(list)
        for extractor in extractors:
            for name in extractor.names:
                self._by_name[name].append(extractor)
            for suffix in extractor.suffixes:
                self._by_suffix[suffix].append(extractor)
        self._prefixed = [extractor for extractor in extractors if extractor.prefixes]
        self._prefixes = tuple(prefix for extractor in self._prefixed for prefix in extractor.prefixes)
        self._among = lru_cache(maxsize=1024)(self._offered)
        self._is_special = lru_cache(maxsize=4096)(self._names_a_prefix)

    def __call__(self, path: str) -> tuple[Extractor, ...]:
        lower = f"/{path.lower()}"
        directory, _, name = lower.rpartition("/")
        dot = name.rfind(".")
        suffix = name[dot:] if dot >= 0 else ""
        prefixed = name.startswith(self._prefixes) or self._is_special(directory)
        return self._among(name if name in self._by_name else "", suffix, prefixed).at(path, lower)

    def _offered(self, name: str, suffix: str, prefixed: bool) -> _Offered:
        found = [*self._by_name.get(name, ()), *self._by_suffix.get(suffix, ()), *(self._prefixed if prefixed else ())]
        return _Offered(dict.fromkeys(found))

    def _names_a_prefix(self, directory: str) -> bool:
        return directory.rpartition("/")[2].startswith(self._prefixes)


@cache
def dispatch() -> Dispatch:
    """The dispatch to all extractors, made once."""
    return Dispatch()


class _Offered:
    """The extractors of one sort of name; which of them a file is offered may hang on the rest of its path."""

    def __init__(self, extractors: Iterable[Extractor]) -> None:
        self._all = tuple(extractors)
        self._anywhere = tuple(extractor for extractor in self._all if extractor.within is None)
        somewhere = [extractor for extractor in self._all if extractor.within is not None]
        places = {place for extractor in somewhere for place in extractor.places}
        self._certain = not somewhere
        self._places = _sieve(sorted(places)) if places and all(extractor.places for extractor in somewhere) else None

    def at(self, path: str, lower: str) -> tuple[Extractor, ...]:
        """Those that a file at this path is offered. lower: the path in lower case, with a leading slash."""
        if self._certain:
            return self._all
        if self._places is not None and not self._places.find_matches_as_indexes(lower):
            return self._anywhere
        return tuple(e for e in self._all if e.within is None or e.within.search(path))


def reading(content: bytes, offered: tuple[Extractor, ...]) -> Iterator[Extractor]:
    """The extractors among those offered whose words and marks the content has, in their order.

    The words of all of them are looked for in one pass over the content, however many tools there are; extractors without
    a word in it are not even asked.
    """
    words, wordless, by_word = _asked(offered)
    held = words.held(content)
    asked = wordless.union(*(by_word[word] for word in held)) if held else wordless
    return (offered[index] for index in sorted(asked) if offered[index].reads(content, held))


class Words:
    """The words of some extractors, to be looked for together."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = words
        self._overlap = max(map(len, words), default=1) - 1
        self._automaton = _automaton(words) if len(words) > _FEW else None
        self._sieve = _sieve(words) if _FEW < len(words) <= _SOME else None

    def held(self, content: bytes) -> set[bytes]:
        """Those of the words that the content holds."""
        if self._automaton is None:
            return {word for word in self._words if word in content}
        found: set[int] = set()
        for start in range(0, len(content), _SLICE):
            for part in self._worth(memoryview(content)[max(0, start - self._overlap) : start + _SLICE]):
                found.update([match[0] for match in self._automaton.find_matches_as_indexes(part, overlapping=True)])
            if len(found) == len(self._words):
                break
        return {self._words[index] for index in found}

    def _worth(self, part: memoryview) -> Iterable[memoryview]:
        """What of a part has to be looked through: all of it, or where the sieve says that a word is, and another may begin."""
        if self._sieve is None:
            return (part,)
        near = self._sieve.find_matches_as_indexes(part)
        return (part,) if len(near) > _MANY else [part[start : end + self._overlap] for _, start, end in near]


@lru_cache(maxsize=1024)
def _asked(extractors: tuple[Extractor, ...]) -> tuple[Words, frozenset[int], dict[bytes, frozenset[int]]]:
    """The words of some extractors, the places of those that have none, and of those that each word is for."""
    by_word: dict[bytes, set[int]] = defaultdict(set)
    for index, extractor in enumerate(extractors):
        for word in extractor.words:
            by_word[word].add(index)
    wordless = frozenset(index for index, extractor in enumerate(extractors) if not extractor.words)
    return Words(sorted(by_word)), wordless, {word: frozenset(places) for word, places in by_word.items()}


def _automaton(words: Sequence[bytes]) -> Any:
    """What finds every word, also one inside another."""
    import ahocorasick_rs

    return ahocorasick_rs.BytesAhoCorasick(words, implementation=ahocorasick_rs.Implementation.DFA)


def _sieve(words: Sequence[bytes] | Sequence[str]) -> Any:
    """What tells whether any word is there, and may miss one that begins inside another."""
    import ahocorasick_rs

    made: Any = ahocorasick_rs.AhoCorasick if isinstance(words[0], str) else ahocorasick_rs.BytesAhoCorasick
    return made(words, matchkind=ahocorasick_rs.MatchKind.LeftmostFirst)
