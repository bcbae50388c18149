# answer x
# answer y
# answer 
Write-Host "Press any key to continue ..."
$x = $host.UI.RawUI.ReadKey("NoEcho,IncludeKeyDown")
$x.Character
[void][System.Console]::ReadKey($true)
pause
"done"
# > Press any key to continue ...
# > x
# > done
