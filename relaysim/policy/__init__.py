"""What somebody decided about findings: severities, thresholds, acceptances; and baselines."""
