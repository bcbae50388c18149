"""The objects and parameter values of the management cmdlets."""
