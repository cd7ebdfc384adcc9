"""What was seen as bytes and back, typed and checked: for the cache, and for the way between processes.

Nothing in the bytes is ever run, and bytes that do not fit the types are refused: whoever can write to the cache can at
worst make it useless. A new kind of fact or part needs nothing here: its annotations say how it is written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from assess.collect.git.file import Part
from assess.collect.seen import Seen
from assess.model.fact import FACT_KINDS, Fact
from assess.model.gap import Gap
from assess.model.target import Target

Found = Fact | Gap | Part
"""What extractors bring."""


class Unreadable(Exception):
    """Bytes that were not made by `pack`, or by another version of it."""


def pack_seen(seen: Seen) -> bytes:
    """What one target showed, as bytes."""
    return pack([(seen.read_at, b"" if seen.place is None else os.fsencode(seen.place))], [(seen.target, *seen.facts, *seen.gaps)])


def unpack_seen(text: bytes) -> Seen:
    """What one target showed. Errors: Unreadable."""
    heads, groups = unpack(text)
    try:
        ((read_at, place), (target, *found)) = heads[0], next(groups)
    except (IndexError, TypeError, ValueError):
        raise Unreadable("not what one target showed") from None
    facts = tuple([one for one in found if isinstance(one, Fact)])
    gaps = tuple([one for one in found if isinstance(one, Gap)])
    return Seen(target, facts, gaps, read_at, Path(os.fsdecode(place)) if place else None)


def pack(heads: Sequence[tuple[Any, ...]], groups: Sequence[Sequence[Found | Target]]) -> bytes:
    """Groups of facts, gaps and parts, each with a head of plain values, as bytes.

    Shape: MessagePack of the heads, of each group's kinds in their order, and of the values by kind.
    """
    codec = _codec()
    columns: list[list[Found | Target]] = [[] for _ in codec.kinds]
    orders = []
    for group in groups:
        order = bytearray()
        for one in group:
            number = codec.numbers[type(one)]
            columns[number].append(one)
            order.append(number)
        orders.append(bytes(order))
    return codec.encoder.encode((list(heads), orders, columns))  # type: ignore[no-any-return]


def unpack(text: bytes) -> tuple[list[Any], Iterator[tuple[Any, ...]]]:
    """The heads, and for each the values of its group. Errors: Unreadable."""
    import msgspec

    codec = _codec()
    try:
        heads, orders, columns = codec.decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None
    every = b"".join(orders)
    if len(heads) != len(orders) or [len(column) for column in columns] != [every.count(number) for number in range(len(columns))]:
        raise Unreadable("groups and values do not fit together")
    values = [iter(column) for column in columns]
    return heads, (tuple([next(values[number]) for number in order]) for order in orders)


def storable(found: Sequence[Found]) -> bool:
    """Whether all of this may be kept: parts that hold a file's content as it is may not, nor what has no certain type."""
    numbers = _codec().numbers
    return all(type(one) in numbers for one in found)


@dataclass(frozen=True, slots=True)
class _Codec:
    kinds: tuple[type[Any], ...]
    numbers: dict[type, int]
    encoder: Any
    decoder: Any


@cache
def _codec() -> _Codec:
    import msgspec

    parts = sorted(_parts(Part), key=lambda kind: (kind.__module__, kind.__name__))
    kinds = tuple(kind for kind in (*FACT_KINDS.values(), Gap, Target, *parts) if _is_plain(kind))
    columns = tuple[tuple(list[kind] for kind in kinds)]  # type: ignore[misc, valid-type]
    decoder = msgspec.msgpack.Decoder(tuple[list[Any], list[bytes], columns])  # type: ignore[valid-type]
    return _Codec(kinds, {kind: number for number, kind in enumerate(kinds)}, msgspec.msgpack.Encoder(), decoder)


def _parts(kind: type[Part]) -> Iterator[type[Part]]:
    import assess.collect.git.extract  # noqa: F401  which defines the parts

    for below in kind.__subclasses__():
        if getattr(sys.modules[below.__module__], below.__name__, None) is below:  # not the one that `slots=True` replaced
            yield below
            yield from _parts(below)


def _is_plain(annotation: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Whether a value of this type comes back as it was, and holds no file's raw content."""
    if annotation in (bytes, Any, Fact, Part, object):
        return False
    if is_dataclass(annotation) and annotation not in seen:
        hints = get_type_hints(annotation)
        return all(_is_plain(hints[one.name], seen | {annotation}) for one in fields(annotation))
    return all(_is_plain(argument, seen) for argument in get_args(annotation))
