"""What ``-c`` names: server files, built-in configurations, later scripts and exports."""
