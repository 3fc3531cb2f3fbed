from time import sleep

from worldloom.cluster.parts import Parts


def test_an_inner_part_is_taken_off_the_outer_one():
    parts = Parts()
    with parts.part("world"):
        sleep(0.01)
        with parts.part("log"):
            sleep(0.03)
    assert parts.seconds["log"] > parts.seconds["world"] > 0.005
    assert sum(parts.seconds.values()) <= parts.total
    assert 0 < parts.provenance_share < 1
