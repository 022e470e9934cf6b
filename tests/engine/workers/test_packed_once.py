"""What many tasks have in common."""

import pickle

from stackgui.core.base.choices import Layout
from stackgui.core.options.options import Options
from stackgui.engine.decoding.render import Form
from stackgui.engine.workers.packed_once import PackedOnce
from tests.making import make_plan


def test_tasks_get_the_value_and_a_worker_has_it_once():
    forms = [Form.of(make_plan([(4, 6)], Options(layout=layout))) for layout in Layout]
    assert forms[0] != forms[1]
    one, same, other = (PackedOnce(forms[index]) for index in (0, 0, 1))
    found = [pickle.loads(pickle.dumps((each, 5))) for each in (one, one, same, other)]
    assert [form for form, _ in found] == [forms[0], forms[0], forms[0], forms[1]]
    assert found[0][0] is found[1][0]
    assert found[0][0] is found[2][0]
