# Commands of Exchange that no part of the model is about do nothing, and say so.
foreach ($server in Get-ExchangeServer) {
    Set-OwaVirtualDirectory "$server\owa (Default Web Site)" -InternalUrl https://mail.contoso.com/owa -BasicAuthentication $true
    $owa = Get-OwaVirtualDirectory -Server $server -ADPropertiesOnly | Select-Object InternalUrl
    "[$($owa.InternalUrl)]"
}
Get-CalendarProcessing alice | Where-Object { $_.ResourceDelegates }
Set-OwaVirtualDirectory owa -NoSuchThing 1
# note Set-OwaVirtualDirectory does nothing here: what it is about is no part of the model
# note Get-OwaVirtualDirectory, Get-CalendarProcessing show nothing: what they are about
# > []
# error NamedParameterNotFound
