# Arguments: host, port, sender, recipient.
param([string] $Server, [int] $Port, [string] $From, [string] $To)
try {
    [System.Net.Mail.SmtpClient]::new($Server, $Port).Send($From, $To, 'x', 'hello')
    'sent'
} catch { $_.Exception.Message; exit 1 }
