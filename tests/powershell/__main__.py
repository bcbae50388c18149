"""``python -m tests.powershell``: the table of what agrees with the recordings."""

from tests.powershell.comparing import VERDICTS, recorded, table

for name in ("language", "cmdlets", "fuzz", "commands", "fresh"):
    counts = table(recorded(name))
    width = max(map(len, counts))
    print(f"{name:{width}}", *(f"{head:>8}" for head in ("scripts", *VERDICTS)))
    for category in (*sorted(set(counts) - {"all"}), "all"):
        found = counts[category]
        numbers = (sum(found.values()), *(found[head] for head in VERDICTS))
        print(f"{category:{width}}", *(f"{number or '-':>8}" for number in numbers))
    print()
