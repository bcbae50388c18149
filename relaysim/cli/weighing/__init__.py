"""Commands that weigh a whole configuration: findings, changes, plans, logs, reports."""
