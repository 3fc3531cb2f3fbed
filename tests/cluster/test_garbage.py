import gc
from contextlib import suppress

from worldloom.cluster.garbage import uncollected


def test_the_search_for_cycles_is_off_within_and_on_again_after_an_error_too():
    with suppress(KeyError), uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_where_somebody_else_turned_the_search_off_it_stays_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
