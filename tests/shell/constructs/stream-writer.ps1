# exchange 2016
# A report is written line by line by .NET's writer, and a list of addresses is read back by its
# reader.
$out = New-Object System.IO.StreamWriter 'C:\Temp\ranges.txt'
foreach ($connector in Get-ReceiveConnector | Sort-Object Name) {
    $out.WriteLine('{0};{1}', $connector.Name, $connector.Bindings.Count)
}
"before: $((Get-Item 'C:\Temp\ranges.txt').Length)"
$out.Flush()
$out.Write(@('x', 'y')); $out.WriteLine(); $out.WriteLine($null); $out.WriteLine($true)
$out.Close()
try { $out.WriteLine('late') } catch { "$_" }
[System.IO.File]::ReadAllLines('C:\Temp\ranges.txt') | Select-Object -First 1 -Last 3
$more = [System.IO.StreamWriter]::new('list.txt', $true, [System.Text.Encoding]::UTF8)
$more.AutoFlush = $true
$more.WriteLine('192.0.2.7'); $more.WriteLine('192.0.2.64/26')
$more.Dispose()
[IO.File]::ReadAllBytes('list.txt')[0..3] -join ' '
$reader = New-Object IO.StreamReader 'list.txt'
while (($line = $reader.ReadLine()) -ne $null) {
    Set-ReceiveConnector 'EX01\Default EX01' -RemoteIPRanges @{Add = $line}
}
"$($reader.EndOfStream) $($reader.Peek())"
$reader.Close()
try { $reader.ReadLine() } catch { "$_" }
try { New-Object IO.StreamReader 'none.txt' } catch { $_.FullyQualifiedErrorId }
try { [IO.StreamReader]::new('none.txt') } catch { $_.FullyQualifiedErrorId }
(Get-ReceiveConnector 'Default EX01').RemoteIPRanges.Expression -like '192.*'
$text = New-Object System.Text.UTF8Encoding $false
[IO.File]::WriteAllText('plain.txt', "caf$([char]233)", $text)
[IO.File]::AppendAllLines('plain.txt', [string[]]@('', 'b'))
[IO.File]::Copy('plain.txt', 'copy.txt'); [IO.File]::Move('copy.txt', 'moved.txt')
try { [IO.File]::Copy('plain.txt', 'moved.txt') } catch { "$_" }
$old = [IO.File]::OpenText('moved.txt'); $old.Read(); $old.ReadToEnd(); $old.Close()
$new = [IO.File]::AppendText('moved.txt'); $new.Write('z'); $new.Close()
[IO.File]::ReadAllBytes('moved.txt').Count
# note the folder `C:\Temp` is taken for there
# > before: 0
# > Exception calling "WriteLine" with "1" argument(s): "Cannot write to a closed TextWriter."
# > Client Frontend EX01;2
# > System.Object[]
# > True
# > 239 187 191 49
# > True -1
# > Exception calling "ReadLine" with "0" argument(s): "Cannot read from a closed TextReader."
# > ConstructorInvokedThrowException,Microsoft.PowerShell.Commands.NewObjectCommand
# > FileNotFoundException
# > 192.0.2.7
# > 192.0.2.64/26
# > Exception calling "Copy" with "2" argument(s): "The file 'moved.txt' already exists."
# > 99
# > afé
# > b
# > 11
# file C:/Temp/ranges.txt
# file list.txt
# file plain.txt
# file moved.txt
