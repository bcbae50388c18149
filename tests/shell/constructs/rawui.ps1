$Host.UI.RawUI.WindowTitle = "Relay"
$host.UI.RawUI.ForegroundColor = "Green"
$Host.UI.WriteLine("hello")
$host.Version.Major
$host.Name
$Host.PrivateData.ErrorForegroundColor = 'red'
# > hello
# > 5
# > ConsoleHost
