"""What ``-c`` names: server files, built-in configurations, scripts and exports."""
