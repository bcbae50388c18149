"""The commands of the Exchange Management Shell that configure receive connectors."""
