"""Values that are made once and let go in the order in which they were asked for."""

from trainables.data.lru import LeastRecentlyUsed


def test_a_value_is_made_once_and_the_one_asked_for_longest_ago_is_let_go() -> None:
    recent: LeastRecentlyUsed[str] = LeastRecentlyUsed(2)
    made: list[str] = []

    def value_of(key: str) -> str:
        return recent.get(key, lambda: (made.append(key), key.upper())[1])

    assert [value_of(key) for key in "abaca"] == list("ABACA")
    assert made == ["a", "b", "c"]
    assert value_of("b") == "B"
    assert made == ["a", "b", "c", "b"]
    assert len(recent.held) == 2


def test_more_are_held_while_there_is_room() -> None:
    recent: LeastRecentlyUsed[str] = LeastRecentlyUsed(1, room=4, weight=len)
    for key in ("a", "bb", "c", "ddd"):
        assert recent.get(key, lambda key=key: key) == key
    assert list(recent.held) == ["c", "ddd"]
    assert recent.get("longer than the room", lambda: "longer than the room")
    assert list(recent.held) == ["longer than the room"]
