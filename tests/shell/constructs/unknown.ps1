# keep-going
"before"
telnet EX01 25
Frobnicate-Thing -X 1
"after"
try { Frobnicate-Other; "not reached" } catch { "caught: $($_.Exception.Message)" }
try { ipconfig /flushdns } catch { "caught: $($_.Exception.Message)" }
# > before
# > after
# > caught: The term 'Frobnicate-Other' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.
# > caught: `ipconfig` would read this machine
# error CommandNotFound
# error CommandNotFound
