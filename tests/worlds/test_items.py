"""Tests of items: one hand or one cell each, found by both, numbers that never return."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.worlds.errors import StateError
from worldloom.worlds.items import Item, Items

CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "hold", "lay", "remove"]), st.integers(0, 12), st.integers(0, 3)), max_size=40
)


@given(CHANGES)
def test_what_is_held_and_what_lies_is_found_in_order_whatever_came_before(changes):
    items, expected = Items(), {}
    for kind, number, where in changes:
        item = f"item-{number}"
        if kind == "add":
            added = items.add("loaf", "a loaf", place=f"place-{where}", cell=(where, 1))
            expected[added.id] = ("", f"place-{where}")
        elif item not in expected:
            continue
        elif kind == "hold":
            items.move_to_agent(item, f"agent-{where}")
            expected[item] = (f"agent-{where}", "")
        elif kind == "lay":
            items.move_to_place(item, f"place-{where}", (where, 2), up=True)
            expected[item] = ("", f"place-{where}")
        else:
            items.remove(item)
            del expected[item]
    assert {item.id: (item.holder, item.place) for item in items.values()} == expected
    assert list(items) == sorted(items, key=lambda item: int(item[5:]))
    for where in range(4):
        held = [item for item, place in expected.items() if place[0] == f"agent-{where}"]
        lying = [item for item, place in expected.items() if place[1] == f"place-{where}"]
        assert [item.id for item in items.held_by(f"agent-{where}")] == sorted(held, key=lambda item: int(item[5:]))
        assert [item.id for item in items.lying_at(f"place-{where}")] == sorted(lying, key=lambda item: int(item[5:]))
    assert [item.id for item in items.lying[0]] == [item for item in items if expected[item][1]]
    again = Items.from_state(items.next, items.state())
    assert (again.state(), again.next) == (items.state(), items.next)


@pytest.mark.parametrize(
    "fields",
    [{}, {"holder": "agent-0", "place": "place-0"}, {"place": "place-0"}, {"holder": "agent-0", "cell": (1, 2)}],
)
def test_an_item_is_in_one_place_only(fields):
    with pytest.raises(StateError, match="holder"):
        Item("item-0", "loaf", "a loaf", **fields)


def test_numbers_of_things_that_are_gone_never_return():
    items = Items()
    eaten = items.add("loaf", "a loaf", holder="agent-0")
    items.remove(eaten.id)
    assert items.add("loaf", "a loaf", holder="agent-0").id == "item-1"
