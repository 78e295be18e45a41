"""A study of which a test says only what it is about."""

from typing import Any

from studies.study import Arm, Study


def small_study(*arms: Arm, **fields: Any) -> Study:
    """A study of these arms, of LeNet on Philharmonia unless the fields of Study say otherwise."""
    usual = {"document": "yun_bi", "section": "", "title": "", "question": "", "corpus": "philharmonia", "epochs": 6}
    return Study(**{**usual, "fixed": {"architecture": "lenet"}, **fields, "arms": arms})
