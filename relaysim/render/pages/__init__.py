"""Pages of `explain`: rules, answers, findings, in the words of the documentation."""
