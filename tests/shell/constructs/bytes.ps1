# exchange 2019
# A certificate goes through a file of bytes.
$password = Read-Host -AsSecureString -Prompt 'password'
$folder = Join-Path $env:TEMP 'copy'
New-Item -Path $folder -ItemType Directory -Force | Out-Null
$export = Export-ExchangeCertificate -Thumbprint AABBCCDDEEFF00112233445566778899AABBCCDD -BinaryEncoded -Password $password
[System.IO.File]::WriteAllBytes((Join-Path $folder 'a.pfx'), $export.FileData)
[System.IO.File]::ReadAllBytes((Join-Path $folder 'a.pfx')).Count
[byte[]](1, 200, 255) | Set-Content b.bin -Encoding Byte
"$(Get-Content b.bin -Encoding Byte -ReadCount 0)"
'h' | Out-File c.txt
"$(Get-Content c.txt -Encoding Byte)"
300 | Set-Content d.bin -Encoding Byte
$options = New-PSSessionOption -SkipCACheck
Resume-ClusterNode -Name EX01
# answer hush
# note Export-ExchangeCertificate: some bytes stand for the certificate
# note Resume-ClusterNode changes nothing here
# > 11
# > 1 200 255
# > 255 254 104 0 13 0 10 0
# error InvalidCastIConvertible
# file C:/Users/Administrator/AppData/Local/Temp/copy/a.pfx
# file b.bin
# file c.txt
