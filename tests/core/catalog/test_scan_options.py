import json

import pytest

from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions


def test_choices_survive_json():
    chosen = ScanOptions(follow_links=True)
    assert ScanOptions.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen
    assert ScanOptions.from_json({}) == DEFAULT


@pytest.mark.parametrize("value", [{"follow": True}, {"follow_links": "yes"}, {"follow_links": 1}])
def test_what_is_no_choice_is_refused(value):
    with pytest.raises(UsageError):
        ScanOptions.from_json(value)
