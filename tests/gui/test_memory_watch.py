from stackgui.gui.control.memory_watch import ENOUGH_BYTES, LOW_BYTES, MemoryWatch


def test_it_warns_once_until_there_was_enough_again():
    watch = MemoryWatch()
    assert watch.warning(ENOUGH_BYTES) == ""
    assert "399 MB are free" in watch.warning(LOW_BYTES - 1_000_000)
    assert watch.warning(LOW_BYTES // 2) == ""
    assert watch.warning(LOW_BYTES + 1) == ""
    assert watch.warning(LOW_BYTES // 2) == ""
    assert watch.warning(ENOUGH_BYTES) == ""
    assert watch.warning(LOW_BYTES // 2)


def test_what_is_not_known_is_no_shortage():
    assert MemoryWatch().warning(0) == ""
