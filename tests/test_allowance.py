import threading
import time

import pytest

from rag.allowance import Allowance, Usage

# --- time and cancelling ---------------------------------------------------------------------


def test_it_is_over_when_the_time_is_up():
    assert not Allowance(60).is_over
    assert Allowance(0).is_over
    assert Allowance(-1).is_over
    short = Allowance(0.02)
    assert not short.is_over
    time.sleep(0.03)
    assert short.is_over


@pytest.mark.parametrize(("seconds", "left"), [(0.4, 0.3), (5, 4), (60, 54)])
def test_the_seconds_count_from_when_it_is_made_and_leave_some_for_quoting(seconds, left):
    before = time.monotonic()
    allowance = Allowance(seconds)
    assert before + left <= allowance.deadline + 1e-6
    assert allowance.deadline <= time.monotonic() + left


def test_it_is_over_when_it_is_cancelled():
    allowance = Allowance(60)
    allowance.cancel()
    allowance.cancel()
    assert allowance.is_over


def test_cancelling_stops_what_is_under_way_and_only_that():
    allowance, stopped = Allowance(60), []
    with allowance.watching(lambda: stopped.append("before")):
        pass
    with (
        allowance.watching(lambda: stopped.append("outer")),
        allowance.watching(lambda: stopped.append("inner")),
    ):
        assert stopped == []
        allowance.cancel()
        assert stopped == ["outer", "inner"]
    assert stopped == ["outer", "inner"]


def test_what_begins_after_it_was_cancelled_is_stopped_at_once():
    allowance, stopped = Allowance(60), []
    allowance.cancel()
    with allowance.watching(lambda: stopped.append(1)):
        assert stopped == [1]
    assert stopped == [1]


def test_the_time_being_up_stops_nothing_by_itself():
    stopped = []
    with Allowance(0).watching(lambda: stopped.append(1)):
        pass
    assert stopped == []


def test_after_an_error_nothing_is_stopped_any_more():
    allowance, stopped = Allowance(60), []
    with pytest.raises(ZeroDivisionError), allowance.watching(lambda: stopped.append(1)):
        1 / 0  # noqa: B018
    allowance.cancel()
    assert stopped == []


def test_a_stop_that_is_watched_twice_is_forgotten_once_at_a_time():
    allowance, stopped = Allowance(60), []

    def stop():
        stopped.append(1)

    with allowance.watching(stop):
        with allowance.watching(stop):
            pass
        allowance.cancel()
    assert stopped == [1]


def test_a_stop_may_ask_the_allowance():
    allowance, seen = Allowance(60), []
    with allowance.watching(lambda: seen.append(allowance.is_over)):
        allowance.cancel()
    assert seen == [True]


def test_a_stop_may_wait_for_what_another_has_stopped():
    allowance, inside, stop = Allowance(60), threading.Event(), threading.Event()

    def watch():
        with allowance.watching(stop.set):
            inside.set()
            stop.wait(5)

    other = threading.Thread(target=watch)
    other.start()
    inside.wait(5)
    ended = []

    def wait():
        other.join(5)
        ended.append(not other.is_alive())

    with allowance.watching(wait):
        allowance.cancel()
    assert ended == [True]


def test_whenever_it_is_cancelled_from_another_thread_all_is_stopped_just_once():
    for _ in range(200):
        allowance, barrier = Allowance(60), threading.Barrier(5)
        stopped = [threading.Event() for _ in range(4)]
        calls = []

        def watch(event, allowance=allowance, barrier=barrier, calls=calls):
            def stop():
                calls.append(event)
                event.set()

            barrier.wait()
            with allowance.watching(stop):
                event.wait(5)

        watching = [threading.Thread(target=watch, args=(event,)) for event in stopped]
        for thread in watching:
            thread.start()
        barrier.wait()
        allowance.cancel()
        for thread in watching:
            thread.join()
        assert len(calls) == 4
        assert all(event.is_set() for event in stopped)


# --- usage -----------------------------------------------------------------------------------


def test_usage_begins_with_nothing_and_each_allowance_has_its_own():
    one, other = Allowance(1), Allowance(1)
    one.usage.calls += 1
    assert other.usage == Usage(0, 0, 0)


def test_usage_costs_only_where_there_is_a_price():
    usage = Usage(calls=3, input_tokens=12_000, output_tokens=500)
    counts = {"calls": 3, "input_tokens": 12_000, "output_tokens": 500}
    assert usage.to_dict(0, 0) == counts
    assert usage.to_dict(2.5, 10) == counts | {"cost": 0.035}
    assert usage.to_dict(2.5, 0) == counts | {"cost": 0.03}
    assert usage.to_dict(0, 10) == counts | {"cost": 0.005}
    assert Usage().to_dict(2.5, 10)["cost"] == 0


def test_a_cost_has_no_more_digits_than_make_sense():
    assert Usage(1, 1, 3).to_dict(0.1, 0.1)["cost"] == 4e-7
    assert Usage(1, 10**9, 10**9).to_dict(0.1, 0.7)["cost"] == 800
