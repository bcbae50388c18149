"""Every answer has its row in the one table from which words, rules and rights are read."""

from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.decision import Answers


def test_the_catalogue_has_every_answer_in_the_order_in_which_they_are_printed():
    hint = "give each answer a row in relaysim/model/answers/catalogue.py"
    assert tuple(answer.name for answer in ANSWERS) == Answers._fields, hint
