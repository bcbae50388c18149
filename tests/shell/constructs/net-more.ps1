$who = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $who.IsInRole([Security.Principal.WindowsBuiltInRole]"Administrator")) { throw 'run it elevated' }
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
[Environment]::GetFolderPath('Desktop')
[IO.Path]::ChangeExtension('C:\temp\ranges.txt', 'csv')
[System.Net.WebUtility]::HtmlDecode('&lt;b&gt;')
[System.Web.HttpUtility]::HtmlEncode('<a title="x">')
"first argument: [$($args[0])]"
# > C:\Users\Administrator\Desktop
# > C:\temp\ranges.csv
# > <b>
# > &lt;a title=&quot;x&quot;&gt;
# > first argument: []
