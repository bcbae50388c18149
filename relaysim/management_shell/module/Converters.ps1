# What Import-Clixml makes of a real export is alive again.

function Register-RsConverters { }
