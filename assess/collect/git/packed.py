"""What was seen as bytes and back, typed and checked: for the cache, and for the way between processes.

Nothing in the bytes is ever run, and bytes that do not fit the types are refused: whoever can write to the cache can at
worst make it useless. A new kind of fact or part needs nothing here: its annotations say how it is written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
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
    return pack((seen.read_at, b"" if seen.place is None else os.fsencode(seen.place)), (seen.target, *seen.facts, *seen.gaps))


def unpack_seen(text: bytes) -> Seen:
    """What one target showed. Errors: Unreadable."""
    head, found = unpack(text)
    try:
        (read_at, place), (target, *rest) = head, found
    except (TypeError, ValueError):
        raise Unreadable("not what one target showed") from None
    facts, gaps = parted(rest)
    return Seen(target, facts, gaps, read_at, Path(os.fsdecode(place)) if place else None)


def parted(found: Iterable[Found | Target]) -> tuple[tuple[Fact, ...], tuple[Gap, ...]]:
    """The facts and the gaps among what was found."""
    found = list(found)
    return tuple([one for one in found if isinstance(one, Fact)]), tuple([one for one in found if isinstance(one, Gap)])


def pack(head: tuple[Any, ...], found: Sequence[Found | Target]) -> bytes:
    """Facts, gaps and parts, with a head of plain values, as bytes.

    Shape: MessagePack of the head, of the kinds in their order, and of the values by kind.
    """
    codec = _codec()
    columns: list[list[Found | Target]] = [[] for _ in codec.kinds]
    order = bytes([codec.numbers[type(one)] for one in found])
    for number, one in zip(order, found, strict=True):
        columns[number].append(one)
    return codec.encoder.encode((list(head), order, columns))  # type: ignore[no-any-return]


def unpack(text: bytes) -> tuple[list[Any], Iterator[Any]]:
    """The head, and the values in their order. Errors: Unreadable."""
    import msgspec

    codec = _codec()
    try:
        head, order, columns = codec.decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None
    if [len(column) for column in columns] != [order.count(number) for number in range(len(columns))]:
        raise Unreadable("kinds and values do not fit together")
    values = [iter(column) for column in columns]
    return head, (next(values[number]) for number in order)


def pack_few(found: Sequence[Found]) -> bytes:
    """What a file brought, as bytes that are read one file at a time; empty for nothing."""
    codec = _codec()
    return codec.encoder.encode((bytes([codec.numbers[type(one)] for one in found]), found)) if found else b""


UNKNOWN = b"\xc0"
"""Stands for what is not kept of a file: `unpack_few` refuses it."""


def unpack_few(text: bytes) -> tuple[Found, ...]:
    """What a file brought. Errors: Unreadable."""
    import msgspec

    if not text:
        return ()
    codec = _codec()
    try:
        order, values = codec.few.decode(text)
        return tuple([codec.decoders[number].decode(value) for number, value in zip(order, values, strict=True)])
    except (msgspec.MsgspecError, UnicodeDecodeError, IndexError, ValueError) as error:
        raise Unreadable(str(error)) from None


Row = tuple[str, bytes, bool, bytes]
"""A file with what it brought: path, blob id, executable bit, and as `pack_few` has it."""


def pack_rows(of: bytes, rows: Iterable[Row]) -> bytes:
    """Files with what they brought, as bytes. of: the name of the tree whose files they are."""
    return _codec().encoder.encode((of, list(rows)))  # type: ignore[no-any-return]


def unpack_rows(text: bytes) -> tuple[bytes, list[Row]]:
    """The name of a tree, and its files with what they brought. Errors: Unreadable."""
    import msgspec

    try:
        return _codec().rows.decode(text)  # type: ignore[no-any-return]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None


def load() -> None:
    """Makes what packs and unpacks, so that the next of either does not: before processes part, it is made once for all."""
    _codec()


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
    few: Any
    rows: Any
    decoders: tuple[Any, ...]


@cache
def _codec() -> _Codec:
    import msgspec

    parts = sorted(_parts(Part), key=lambda kind: (kind.__module__, kind.__name__))
    kinds = tuple(kind for kind in (*FACT_KINDS.values(), Gap, Target, *parts) if _is_plain(kind))
    columns = tuple[tuple(list[kind] for kind in kinds)]  # type: ignore[misc, valid-type]
    decoder = msgspec.msgpack.Decoder(tuple[list[Any], bytes, columns])  # type: ignore[valid-type]
    few = msgspec.msgpack.Decoder(tuple[bytes, list[msgspec.Raw]])
    each: tuple[Any, ...] = tuple(msgspec.msgpack.Decoder(kind) for kind in kinds)
    rows = msgspec.msgpack.Decoder(tuple[bytes, list[Row]])
    return _Codec(kinds, {kind: number for number, kind in enumerate(kinds)}, msgspec.msgpack.Encoder(), decoder, few, rows, each)


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
