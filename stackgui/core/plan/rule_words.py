"""Rules that find labels, parts or groups in paths, in words."""

from __future__ import annotations

from stackgui.core.base.wording import Wording, say
from stackgui.core.labels.path_rule import PathRule, RuleKind

LEVELS = (
    say("the first folders"),
    say("the second folders"),
    say("the third folders"),
    say("the fourth folders"),
    say("the fifth folders"),
)
_ABOVE = (
    say("the first folders above the files"),
    say("the second folders above the files"),
    say("the third folders above the files"),
    say("the fourth folders above the files"),
    say("the fifth folders above the files"),
)


def told_by_rule(rule: PathRule) -> Wording:
    """Describe where a rule looks, for example ``"the second folders"``."""
    if rule.kind is not RuleKind.LEVEL:
        return say("the files\N{RIGHT SINGLE QUOTATION MARK} names")
    if rule.level == -1:
        return say("the folders that the files lie in")
    count = abs(rule.level)
    if count > len(LEVELS):
        return say("the folders of level {level}", level=rule.level)
    return (_ABOVE if rule.level < 0 else LEVELS)[count - 1]
