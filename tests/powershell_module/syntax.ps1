# What the files of the module are written with: kinds of syntax, operators, commands, types.
param([string] $Folder)
$found = [System.Collections.Generic.SortedSet[string]]::new([StringComparer]::Ordinal)
foreach ($file in Get-ChildItem -LiteralPath $Folder -Recurse -Include *.ps1, *.psm1, *.psd1) {
    $tokens = $null; $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $tokens, [ref] $errors)
    foreach ($one in $errors) { $null = $found.Add("error $($file.Name): $($one.Message)") }
    foreach ($node in $tree.FindAll({ $true }, $true)) {
        $null = $found.Add('syntax ' + $node.GetType().Name)
        if ($node -is [System.Management.Automation.Language.BinaryExpressionAst]) { $null = $found.Add("operator $($node.Operator)") }
        if ($node -is [System.Management.Automation.Language.UnaryExpressionAst]) { $null = $found.Add("operator $($node.TokenKind)") }
        if ($node -is [System.Management.Automation.Language.AssignmentStatementAst]) { $null = $found.Add("operator $($node.Operator)") }
        if ($node -is [System.Management.Automation.Language.MemberExpressionAst] -and $node.Static -and $node.Expression -is [System.Management.Automation.Language.TypeExpressionAst] -and "$($node.Expression)" -notlike '`[Rs*') { $null = $found.Add("member $($node.Expression)::$($node.Member)") }
        if ($node -is [System.Management.Automation.Language.CommandAst] -and $node.GetCommandName() -and $node.GetCommandName() -notlike '*-Rs*') {
            $null = $found.Add("command $($node.GetCommandName())")
            foreach ($part in $node.CommandElements) { if ($part -is [System.Management.Automation.Language.CommandParameterAst]) { $null = $found.Add("command $($node.GetCommandName()) -$($part.ParameterName)") } }
        }
    }
    foreach ($token in $tokens) { if ("$($token.Kind)" -match 'Question|AndAnd|OrOr') { $null = $found.Add("operator $($token.Kind)") } }
}
$found
